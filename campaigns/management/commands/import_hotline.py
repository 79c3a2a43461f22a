"""``import_hotline``: a month's 12345 figures of a campaign."""

from pathlib import Path

from campaigns.domain.hotline_file import SHAPE, import_figures
from campaigns.domain.own_tables import asked_words, read_fitted, under_their_names
from campaigns.enums import TableKind
from campaigns.management.options import campaign_option
from core.exceptions import Refused
from core.imports import ImportResult
from core.management.imports import ImportCommand, mapping_option
from core.tabular import CellError


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
            read = read_fitted(path, SHAPE, TableKind.HOTLINE, campaign, mapping)
        except Refused as refused:
            return ImportResult.refused(path, refused)
        if read.asks:
            return ImportResult(path.name, errors=[CellError(None, "", "", words) for words in asked_words(read)])
        done = import_figures(campaign=campaign, month=options["month"], path=read.rows, dry_run=options["dry_run"])
        done.errors = under_their_names(done.errors, read.mapping)
        return done
