"""``publish``: freeze a period of a campaign, and print the version and its digest."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.management.options import campaign_option, day_option, user_option
from core.exceptions import DomainError
from reports.domain.compile import period_in
from reports.domain.publishing import numbers_token, publish, question, texts_to_publish
from reports.domain.submissions.lines import open_parts


class Command(BaseCommand):
    help = "印发一个期间的汇总：冻结数字、计入的记录和材料，显示版次和校验码；尚未报齐的单位逐一写明。"

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True, help="活动代码")
        parser.add_argument("--period", required=True, help="期间：2022-06、2016Q4、2022-W23，或 all（全程）")
        parser.add_argument("--as", dest="username", default="", help="以该用户的名义印发；不填为系统")
        parser.add_argument("--reason", default="", help="更正原因；内容有变动的再次印发必须填写")
        parser.add_argument("--confirm-numbers", action="store_true", help="材料文字中手工填写的数字已核对，照此印发")
        parser.add_argument("--as-of", help="按此日判断，如 2022-06-22；默认为首次印发的统计日，首次为今天")

    def handle(self, *args, campaign, period, username, reason, as_of, confirm_numbers, **options):
        found, actor = campaign_option(campaign), user_option(username)
        day = day_option("--as-of", as_of) if as_of else None
        try:
            asked = period_in(found, period)
            texts = texts_to_publish(question(found, asked, as_of=day)) if confirm_numbers else []
            parts = open_parts(found, asked, today=timezone.localdate())
            for words in parts.words:
                self.stderr.write(words)
            made = publish(
                campaign=found, period=asked, actor=actor, reason=reason, as_of=day,
                confirmed=parts.token, numbers=numbers_token(texts),
            )  # fmt: skip
        except (ValueError, DomainError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{campaign} {made.period} 第 {made.version} 版")
        self.stdout.write(f"校验码 {made.digest}")
