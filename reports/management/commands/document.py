"""``document``: one paper of a period as a file."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Department, User
from campaigns.models import Campaign
from core.exceptions import DomainError
from reports.documents.registry import PAPERS, write_paper
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.queries import SYSTEM, ReportScope, report_scopes


class Command(BaseCommand):
    help = "生成一份材料（Word、Excel 或 PDF，按输出文件的扩展名）。"

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=sorted(PAPERS), help="材料种类")
        parser.add_argument("--campaign", required=True, help="活动代码")
        parser.add_argument("--period", default="all", help="期间：2022-06、2016Q4、2022-W23，或 all（全程，默认）")
        parser.add_argument("--unit", default="", help="只要这个单位的材料（单位名称）")
        parser.add_argument("--as-of", help="按此日判断时限，如 2022-06-22，默认为今天")
        parser.add_argument("--output", required=True, help="写入的文件（.docx、.xlsx 或 .pdf）")
        parser.add_argument("--as", dest="username", default="", help="按该用户可见的范围生成；不填为全部")

    def handle(self, *args, kind, campaign, period, unit, output, username, **options):
        path = Path(output)
        if not path.parent.is_dir():
            raise CommandError(f"{output}：文件夹 {path.parent} 不存在。")
        found = Campaign.objects.filter(code=campaign).select_related("region", "office").first()
        if found is None:
            raise CommandError(f"没有代码为“{campaign}”的活动。")
        actor = User.objects.filter(username=username).first() if username else None
        if username and actor is None:
            raise CommandError(f"没有用户“{username}”。")
        try:
            day = date.fromisoformat(options["as_of"]) if options["as_of"] else timezone.localdate()
            query = ReportQuery(found, period_in(found, period), day, _scope(found, actor, unit))
            file, _ = write_paper(query, kind, path.suffix.lower().lstrip("."), actor=actor)
        except (ValueError, DomainError) as error:
            raise CommandError(str(error)) from error
        with file:
            path.write_bytes(file.read())
        self.stdout.write(f"已生成 {PAPERS[kind].label}：{path}")


def _scope(campaign: Campaign, actor: User | None, unit: str) -> ReportScope:
    """The widest scope of the person, or one unit of it. CommandError in words when there is none."""
    scope = SYSTEM
    if actor is not None:
        scopes = report_scopes(actor, [campaign])[campaign.pk]
        if not scopes:
            raise CommandError(f"用户“{actor.username}”看不到该活动的统计。")
        scope = scopes[0]
    if not unit:
        return scope
    listed = scope.roster().filter(campaign=campaign, department__name=unit).values_list("department_id", flat=True)
    department = Department.objects.filter(pk__in=listed).first()
    if department is None:
        raise CommandError(f"活动名单中没有单位“{unit}”，或不在可见范围内。")
    return ReportScope("unit", department.name, actor, frozenset({department.pk}))
