"""The ledger of one campaign as a workbook, in a person's scope or whole."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.management.options import output_option, user_option
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
        actor, today = user_option(username), timezone.localdate()
        rows = output_option(
            path, lambda out: exports.write_campaign(out, found, code=campaign, actor=actor, today=today)
        )
        self.stdout.write(f"已导出 {rows} 条：{path}")
