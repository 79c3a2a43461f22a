"""``document``: one paper of a period as a file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.management.options import campaign_option, day_option, output_option, user_option
from core.exceptions import DomainError
from reports.documents.registry import PAPERS, write_paper
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.queries import scope_named


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

    def handle(self, *args, kind, campaign, period, unit, output, username, as_of, **options):
        path = Path(output)
        if not path.parent.is_dir():
            raise CommandError(f"{output}：文件夹 {path.parent} 不存在。")
        found, actor = campaign_option(campaign), user_option(username)
        day = day_option("--as-of", as_of) if as_of else timezone.localdate()
        try:
            query = ReportQuery(found, period_in(found, period), day, scope_named(found, actor, unit))
            file, _ = write_paper(query, kind, path.suffix.lower().lstrip("."), actor=actor)
        except (ValueError, DomainError) as error:
            raise CommandError(str(error)) from error
        with file:
            output_option(path, lambda out: out.write(file.read()))
        self.stdout.write(f"已生成 {PAPERS[kind].label}：{path}")
