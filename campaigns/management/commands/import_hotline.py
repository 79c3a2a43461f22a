"""``import_hotline``: a month's 12345 figures of a campaign."""

from pathlib import Path

from campaigns.domain.hotline_file import import_figures, read_mapped
from campaigns.management.options import campaign_option
from core.exceptions import Refused
from core.imports import ImportResult
from core.management.imports import ImportCommand, mapping_option


class Command(ImportCommand):
    help = "导入一个月的12345工单数，用来排出下月的跟单处理单位；重复导入不产生变化，名单印发后不能再改。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--campaign", required=True, help="活动代码")
        parser.add_argument("--mapping", type=Path, help="JSON 文件：表中的列名 → 本系统的列名")
        parser.add_argument("--month", required=True, help="统计月份，如 2022-06")

    def run(self, path, options):
        campaign = campaign_option(options["campaign"])
        mapping = mapping_option(options["mapping"])
        try:
            table = read_mapped(path, mapping) if mapping else path
        except Refused as refused:
            return ImportResult.refused(path, refused)
        return import_figures(campaign=campaign, month=options["month"], path=table, dry_run=options["dry_run"])
