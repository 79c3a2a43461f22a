"""Publish a period: figures, rows and papers, frozen together. The only writer of ``Publication``.

Who publishes: the coordinating office of the campaign. A published version never changes; a correction is the next one.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.domain.states import hold_writable
from campaigns.models import Campaign
from core import audit
from core.content_token import content_token
from core.exceptions import OWN, NotAllowed, Refused, StaleVersion
from core.periods import Period
from core.templatetags.ui import moment
from core.xlsx import filename
from reports.documents.drafts import TEXT_PAPERS
from reports.documents.material import charges_of
from reports.documents.registry import Paper, Reader, offered, read_once, written
from reports.domain.comparison import changed_earlier
from reports.domain.compile import keep_version
from reports.domain.counted_rows import Rows, snapshot
from reports.domain.figures import ReportQuery, walks
from reports.domain.names import Names
from reports.domain.own_templates import template_in_use
from reports.domain.paper_texts import OpenText, last_text, open_text, words_of
from reports.domain.public_sheet.content import public_content
from reports.domain.queries import SYSTEM
from reports.domain.submissions.lines import OpenParts, open_parts
from reports.domain.summary import contract
from reports.domain.tally import table_of
from reports.domain.unit_pack import by_unit
from reports.domain.zero_reports import table_with_zero
from reports.models import Publication, PublishedFile, SummaryState
from reports.rules import may_compile, may_publish


def publish(
    *,
    campaign: Campaign,
    period: Period,
    actor: User | None,
    reason: str = "",
    now: datetime | None = None,
    as_of: date | None = None,
    seen: int | None = None,
    confirmed: str = "",
    numbers: str = "",
) -> Publication:
    """Freeze the period as its next published version, or return the last one when nothing it says of itself has
    changed.

    Everything is judged on ``as_of``; by default on the day of the first publication, the first time on today: what
    happened after that day belongs to the next period. ``confirmed``: the token of ``open_parts``, where units have not
    sent or a lead has not sent on; the names are kept with the publication. ``numbers``: the token of the typed numbers
    the office has confirmed (``numbers_token``). ``seen``: the last version when the page was opened, 0 for none.
    ``actor`` None is the command line. Side effects in order: the compiled version; the publication with its files; an
    audit entry.

    Raises NotAllowed for anybody but the office of the campaign's own level that publishes; StaleVersion, naming who
    and when, when a version was published since ``seen``; Refused before the period has ended, for open parts or typed
    numbers that were not confirmed as they stand, for a second version without a reason, and while the text of a paper
    names fields that do not exist.
    """
    if actor is not None and not may_compile(actor, campaign):
        raise NotAllowed("印发由本活动的统筹办办理。", rule="publication.office")
    if actor is not None and (words := of_another(actor, campaign)):
        raise NotAllowed(words, rule="publication.publisher")
    now = now or timezone.now()
    prepare(question(campaign, period, as_of=as_of, now=now))
    with transaction.atomic():
        return _publish(
            campaign, period, actor=actor, reason=reason, now=now, as_of=as_of, confirmed=confirmed, numbers=numbers,
            seen=seen,
        )  # fmt: skip


def of_another(user: User, campaign: Campaign) -> str:
    """In words which office publishes the campaign, for a person of another one of the region; "" for who may."""
    return "" if may_publish(user, campaign) else f"本活动各期由{campaign.publisher}印发，您可以查看但不能印发。"


def prepare(query: ReportQuery) -> None:
    """Fill the templates of the office beforehand: no child process is started inside the transaction that follows."""
    for paper in offered(query):
        if template_in_use(query.campaign, paper.key) and not paper.lacking(query):
            written(query, paper)


def _publish(
    campaign: Campaign,
    period: Period,
    *,
    actor: User | None,
    reason: str,
    now: datetime,
    as_of: date | None,
    confirmed: str,
    numbers: str,
    seen: int | None,
) -> Publication:
    hold_writable(campaign.pk)
    last = last_of(campaign, period)
    _require_seen(period, last, seen)
    query = question(campaign, period, as_of=as_of, now=now)
    if words := too_early(query, timezone.localtime(now).date()):
        raise Refused(words, rule="publication.period_open")
    typed = _checked_numbers(query, numbers)
    frozen = frozen_of(query)
    if last is not None and last.digest == replace(frozen, changed_earlier=last.changed_earlier).digest:
        return last
    if last is not None and not reason.strip():
        words = f"{period.label}已印发第 {last.version} 版，内容有变动。再次印发是更正，请写明原因。"
        raise Refused(words, rule="publication.reason", fields={"reason": "请写明更正原因。"})
    parts = open_parts(campaign, period, today=timezone.localtime(now).date())
    _require_confirmed(parts, confirmed)
    publication = Publication.objects.create(
        summary=keep_version(frozen.query, frozen.data, actor=actor, now=now, state=SummaryState.PUBLISHED),
        campaign=campaign,
        period=period.code,
        version=last.version + 1 if last else 1,
        rows=frozen.rows,
        names=query.names.used,
        public=frozen.public,
        changed_earlier=frozen.changed_earlier,
        digest=frozen.digest,
        reason=reason.strip() if last else "",
        open_units=parts.words,
        published_at=now,
        published_by=actor,
    )
    PublishedFile.objects.bulk_create(
        PublishedFile(publication=publication, paper=key, name=name, content=content, sha256=_sha256(content))
        for key, (name, content) in frozen.files.items()
    )
    detail = {"period": period.code, "version": publication.version, "digest": frozen.digest}
    detail |= {"open": parts.words} if parts else {}
    detail |= {"numbers_confirmed": typed} if typed else {}
    code = campaign.code
    audit.record(actor=actor, action="summary.published", object_type="campaign", object_key=code, detail=detail)
    return publication


def question(
    campaign: Campaign, period: Period, *, as_of: date | None = None, now: datetime | None = None
) -> ReportQuery:
    """What a publication made ``now`` says: everything, judged on the day of the first publication, else on today,
    in the names of the last one."""
    last = last_of(campaign, period)
    day = as_of or (last.summary.as_of if last else timezone.localtime(now or timezone.now()).date())
    return ReportQuery(campaign, period, day, SYSTEM, names=Names(last.names if last else None))


def shown_with(campaign: Campaign, period: Period, paper: Paper) -> ReportQuery:
    """What a template of the paper is looked at with: the period as its publication would say it; of what each unit
    writes, the first unit of the list that walked, if any did."""
    query = question(campaign, period)
    if not paper.is_units:
        return query
    walked = set(walks(query).values_list("department_id", flat=True))
    units = by_unit(query)
    chosen = next((pk for pk in units if pk in walked), next(iter(units), None))
    return query if chosen is None else units[chosen]


def texts_to_publish(query: ReportQuery) -> list[OpenText]:
    """The office's text of each paper that somebody edited; in the others every number is a field."""
    edited = [paper for paper in offered(query) if paper.text and last_text(query, paper.key)]
    return [open_text(TEXT_PAPERS[one.key].material(query), one.key) for one in edited if not one.lacking(query)]


def numbers_token(texts: Sequence[OpenText]) -> str:
    """What the office confirms: these typed numbers in these chapters; "" when there are none."""
    typed = [(text.label, *found) for text in texts for found in text.typed]
    return content_token(typed) if typed else ""


def _checked_numbers(query: ReportQuery, confirmed: str) -> list[str]:
    """The typed numbers that were confirmed, for the audit. Raises Refused naming what stands in the way."""
    texts = texts_to_publish(query)
    unknown = [(text.label, *found) for text in texts for found in text.unknown]
    if unknown:
        words = "；".join(f"{label}“{chapter}”{words_of(name, near)}" for label, chapter, name, near in unknown)
        raise Refused(f"材料文字中有不能识别的字段，没有印发：{words}。请修改文字后再印发。", rule="publication.field")
    typed = [(text.label, *found) for text in texts for found in text.typed]
    if numbers_token(texts) != confirmed:
        words = "、".join(f"{label}“{chapter}”的 {number}" for label, chapter, number, _ in typed)
        message = f"材料文字中有手工填写的数字，与本期任何数字都不相同：{words}。请逐一核对后确认。" if words else ""
        raise Refused(
            message or "页面打开后文字有改动，没有印发。请核对后再印发。",
            rule="publication.numbers",
            fields={"numbers_confirmed": "请核对后勾选。"} if words else {},
        )
    return [f"{label} {chapter} {number}" for label, chapter, number, _ in typed]


def last_of(campaign: Campaign, period: Period) -> Publication | None:
    """The last published version of the period, with its summary and who published it; one query."""
    rows = Publication.objects.filter(campaign=campaign, period=period.code)
    return rows.select_related("summary", "published_by").first()


def said_of(publication: Publication, who: object) -> str:
    """Which version was published by ``who`` (None: the system) and when, and why, in words."""
    by = f"由{who}" if who else ""
    reason = f"，更正原因：{publication.reason}" if publication.reason else ""
    return f"第 {publication.version} 版已{by}于 {moment(publication.published_at)} 印发{reason}"


@dataclass(frozen=True)
class Frozen:
    """What a publication freezes. ``files``: {paper: (name, content)}."""

    query: ReportQuery
    data: dict
    rows: Rows
    public: dict
    changed_earlier: list[str]
    files: dict[str, tuple[str, bytes]]

    @property
    def digest(self) -> str:
        files = {key: _sha256(content) for key, (_, content) in self.files.items()}
        return digest_of(self.data, self.rows, self.public, self.changed_earlier, files)


def frozen_of(query: ReportQuery) -> Frozen:
    """Figures, rows and papers of a period. Same data, same bytes."""
    data = contract(query.campaign.code, query.period, table_with_zero(query))
    read = read_once(query)
    papers = papers_of(query, read)
    files = {paper.key: (_name(query, paper), written(query, paper, read)) for paper in papers}
    return Frozen(query, data, snapshot(query), public_content(query), changed_earlier(query), files)


def digest_of(data: dict, rows: dict, public: dict, changed: list[str], files: dict[str, str]) -> str:
    """SHA-256 over the canonical JSON of figures, rows, what of them is public, changes of earlier periods and the
    digests of the files: what a publication is known by."""
    return audit.digest({"data": data, "rows": rows, "public": public, "changed_earlier": changed, "files": files})


def papers_of(query: ReportQuery, read: Reader | None = None) -> list[Paper]:
    """What goes out with the period: the papers of the whole campaign that the rules ask for, without one that has
    nothing to say (通报批评 where no unit is to be named). ``read``: see ``read_once``."""
    return [paper for paper in offered(query) if not paper.lacking(query, read)]


def is_intact(publication: Publication) -> bool:
    """Whether figures, rows and files still are what the digest was made of."""
    files = {}
    for file in publication.files.all():
        if _sha256(bytes(file.content)) != file.sha256:
            return False
        files[file.paper] = file.sha256
    kept = (publication.rows, publication.public, publication.changed_earlier)
    return digest_of(publication.summary.data, *kept, files) == publication.digest


def too_early(query: ReportQuery, today: date) -> str:
    """In words why the period cannot be published ``today``, "" when it can: it ends with its last day, at 24:00; a day
    to come judges nothing."""
    period, as_of = query.period, query.as_of
    if period.ends_on >= today or period.ends_on >= as_of:
        return f"{period.label}到 {period.ends_on.isoformat()} 二十四时才结束，还不能印发，也不能按此前的日期统计。"
    if as_of > today:
        return f"统计日 {as_of.isoformat()} 还没有到，不能印发。"
    return ""


@dataclass(frozen=True)
class StillOpen:
    """What stands open when a period is published: names of units without a reported walk, and of those responsible for
    overdue issues (件). It hinders nothing; the papers name them."""

    silent: tuple[str, ...]
    late: tuple[tuple[str, int], ...]


def still_open(query: ReportQuery) -> StillOpen:
    """What the publication of this period would name as open, in the order of the list of units."""
    whole = replace(query, report_scope=SYSTEM)
    table = table_of(whole)
    late = tuple((one.unit, one.overdue) for one in charges_of(whole, table) if one.overdue)
    return StillOpen(tuple(line.name for line in table.lines if line.silent), late)


def _require_seen(period: Period, last: Publication | None, seen: int | None) -> None:
    if seen is None or last is None or last.version == seen:
        return

    def said(who: object) -> str:
        words = f"{period.label}{said_of(last, who)}，本次未印发。"
        return f"{words}请先核对这一版；仍须更正的，写明原因后再次确认。"

    by = last.published_by
    raise StaleVersion(said(by), rule="publication.stale", by=by, own=said(OWN), named=True)


def _require_confirmed(parts: OpenParts, confirmed: str) -> None:
    if parts and confirmed != parts.token:
        words = f"还有单位未报齐，没有印发。{'；'.join(parts.words)}。请核对名单，确认后再印发。"
        raise Refused(words, rule="publication.open", fields={"confirmed": words})


def _name(query: ReportQuery, paper: Paper) -> str:
    return filename(query.as_of, query.campaign.region.name, f"{query.period.label}{paper.label}", paper.native)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
