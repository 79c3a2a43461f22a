"""``import_hotline``: a month's 12345 figures of a campaign."""

from campaigns.domain.hotline_file import import_figures
from campaigns.management.options import campaign_option
from core.management.imports import ImportCommand


class Command(ImportCommand):
    help = "导入一个月的12345工单数，用来排出下月的跟单处理单位；重复导入不产生变化，名单印发后不能再改。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--campaign", required=True, help="活动代码")
        parser.add_argument("--month", required=True, help="统计月份，如 2022-06")

    def run(self, path, options):
        campaign = campaign_option(options["campaign"])
        return import_figures(campaign=campaign, month=options["month"], path=path, dry_run=options["dry_run"])
