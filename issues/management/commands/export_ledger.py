"""The ledger of one campaign as a workbook, in a person's scope or whole."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.management.options import output_option
from core import audit
from core.listing import ids_in_order, read_order
from issues.columns import page_columns
from issues.domain import ledger
from issues.exports import ledger as exports


class Command(BaseCommand):
    help = "导出一个活动的问题整改台账（附件格式 Excel）。"

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True, help="活动代码")
        parser.add_argument("--output", required=True, help="写入的 .xlsx 文件")
        parser.add_argument("--as", dest="username", default="", help="按该用户可见的范围导出；不填为全部")

    def handle(self, *args, campaign, output, username, **options):
        path = Path(output)
        if path.suffix.lower() != ".xlsx" or not path.parent.is_dir():
            raise CommandError(f"{output}：应为已有文件夹下的 .xlsx 文件。")
        found = ledger.campaign_ledger(campaign, username)
        if found is None:
            raise CommandError(f"没有代码为“{campaign}”的活动，或用户“{username}”不存在、看不到该活动。")
        today = timezone.localdate()
        order, _ = read_order("", page_columns(), "number")
        ids = ids_in_order(found.queryset, order)
        spec = exports.sheet(place=found.place, unit=found.unit, today=today)
        rows = output_option(path, lambda out: exports.write(out, spec, ids, order, today))
        detail = {"campaign": campaign, "as": username, "rows": rows}
        audit.record(actor=None, action="ledger.exported", object_type="campaign", object_key=campaign, detail=detail)
        self.stdout.write(f"已导出 {rows} 条：{path}")
