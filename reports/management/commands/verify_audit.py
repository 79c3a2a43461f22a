import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.anchors import last_anchor
from core.audit import Verdict, verify
from core.models import AuditChain
from core.templatetags.ui import moment
from issues.domain import closure_pack
from issues.domain.signature_check import broken_signatures
from reports.domain.public_sheet.lifecycle import changed_public_sheets
from reports.domain.publishing import is_intact
from reports.models import Publication, PublicSheet
from walks.models import Walk


class Command(BaseCommand):
    help = (
        "逐行核对审计记录的封印与前后衔接，指出第一处被改动、插入、移动或删去的行；"
        "并核对体验签字、已印发的汇总和已公开的内容。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--pack", metavar="文件", help="核对一份销号档案（.html）是否原样，由何人于何时下载")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")

    def handle(self, *args, **options):
        verdict, broken = verify(), broken_signatures()
        torn = [row for row in Publication.objects.select_related("summary", "campaign") if not is_intact(row)]
        changed = changed_public_sheets()
        if options["json"]:
            self.stdout.write(json.dumps(_facts(verdict, broken, torn, changed), ensure_ascii=False))
        elif verdict.ok:
            self.stdout.write(f"审计记录完整：共 {verdict.rows} 行，逐行相符。{_anchored()}")
        if not verdict.ok:
            raise CommandError(_fault(verdict))
        if torn:
            named = "、".join(f"{row.campaign.code} {row.period} 第 {row.version} 版" for row in torn)
            raise CommandError(f"印发后内容被改动的汇总 {len(torn)} 版：{named}。")
        if changed:
            named = "、".join(str(sheet.public_id) for sheet in changed)
            raise CommandError(f"公开后内容被改动的公开页 {len(changed)} 个：{named}。")
        if broken:
            named = "、".join(str(walk.pk) for walk in broken)
            raise CommandError(f"签字后内容被改动的体验 {len(broken)} 条：{named}。")
        if options["pack"]:
            self.stdout.write(_pack_words(options["pack"]))


def _facts(verdict: Verdict, broken: list[Walk], torn: list[Publication], changed: list[PublicSheet]) -> dict:
    """The keys of ``--json``; ``ok``: the chain, every signature, every publication and every public sheet."""
    return {
        "rows": verdict.rows,
        "ok": verdict.ok and not broken and not torn and not changed,
        "bad_seq": verdict.bad_seq,
        "reason": verdict.reason,
        "chain": str(verdict.chain),
        "broken_signatures": [str(walk.pk) for walk in broken],
        "broken_publications": [
            {"campaign": row.campaign.code, "period": row.period, "version": row.version} for row in torn
        ],
        "broken_public_sheets": [str(sheet.public_id) for sheet in changed],
    }


def _pack_words(path: str) -> str:
    """What is to be said of a file of an issue. Raises CommandError for one that was changed or is none of ours."""
    try:
        found = closure_pack.check(Path(path).read_bytes())
    except OSError as error:
        raise CommandError(f"文件打不开：{path}。") from error
    if not found.fits:
        raise CommandError(f"{path} 的内容与其校验值不符：已被改动，或不是销号档案。")
    if not found.taken:
        raise CommandError(f"{path} 内容完整，但本系统没有下载过这一份。")
    lines = [f"{number}，由{who}于 {moment(at)} 下载" for number, who, at in found.taken]
    return f"{path} 与下载时相同：{'；'.join(lines)}。"


def _fault(verdict: Verdict) -> str:
    if not verdict.bad_seq:
        return f"审计记录无法核对：{verdict.reason}。"
    place = f"（{AuditChain(verdict.chain).label}）第 {verdict.bad_seq} 行{verdict.reason}"
    return f"审计记录{place}；其前 {verdict.rows} 行相符。"


def _anchored() -> str:
    anchor = last_anchor()
    if anchor is None:
        return "还没有锚点，末尾被删去的行无法发现。"
    return f"与截至 {anchor.at[:10]} 的锚点相符。"
