"""``morning``: what the scheduled task does every morning."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from campaigns.domain import daily
from campaigns.management.options import moment_option


class Command(BaseCommand):
    help = "每日例行：到期开始活动、撤并单位退出名单、更新各项期限、提醒尚未录入的年度放假安排。重复执行不会重复。"

    def add_arguments(self, parser):
        parser.add_argument("--now", help="按此时刻计算，如 2022-11-01T06:05（北京时间），默认为当前时间")

    def handle(self, *args, **options):
        done = daily.run(moment_option("--now", options["now"]) if options["now"] else timezone.now())
        self.stdout.write(
            f"{done['today']}：开始活动 {done['begun']} 个，退出名单 {done['left']} 个单位，"
            f"更新期限 {done['deadlines']} 项，新增提醒 {done['notices']} 条。"
        )
