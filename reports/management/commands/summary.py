"""``summary``: compile one period without publishing it, and print it; of a published one print what was published."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.management.options import campaign_option, day_option
from core.exceptions import DomainError
from reports.domain.compile import compile_period, period_in
from reports.domain.figures import NOT_AS_OF
from reports.domain.publishing import last_of, said_of


class Command(BaseCommand):
    help = "汇总一个期间（不印发），并显示结果；已印发的，显示印发的数字。"

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True, help="活动代码")
        parser.add_argument("--period", required=True, help="期间：2022-06、2016Q4、2022-W23，或 all（全程）")
        parser.add_argument("--as-of", help="各项均按此日的情况统计，如 2022-06-22，默认为今天")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")

    def handle(self, *args, **options):
        campaign = campaign_option(options["campaign"])
        as_of = day_option("--as-of", options["as_of"]) if options["as_of"] else timezone.localdate()
        try:
            period = period_in(campaign, options["period"])
            published = last_of(campaign, period)
            if published and (not options["as_of"] or as_of == published.summary.as_of):
                summary, as_of = published.summary, timezone.localdate()
                said = said_of(published, published.published_by)
                self.stderr.write(f"{period.label}{said}，以下是印发的数字，没有重新汇总。")
            else:
                summary = compile_period(campaign=campaign, period=period, actor=None, as_of=as_of)
        except (ValueError, DomainError) as error:
            raise CommandError(str(error)) from error
        if as_of < timezone.localdate():
            self.stderr.write(f"统计日 {as_of} 已过。{NOT_AS_OF}。")
        if options["json"]:
            self.stdout.write(json.dumps(summary.data, ensure_ascii=False))
        else:
            self._words(summary, period.label)

    def _words(self, summary, label: str) -> None:
        data = summary.data
        self.stdout.write(f"{data['campaign']} {label}第 {summary.version} 版（统计日 {summary.as_of}）")
        self.stdout.write(f"  单位 {data['units_total']} 个，已开展 {data['units_walked']} 个")
        self.stdout.write(f"  活动 {data['sessions']} 次，参与 {data['person_times']} 人次，事项 {data['items']} 个")
        found = f"  发现问题 {data['issues_found']} 个，立行立改 {data['fixed_on_spot']} 个，"
        self.stdout.write(f"{found}已销号 {data['closed']} 个，逾期 {data['overdue']} 个")
        rate = data["rectification_rate"]
        self.stdout.write(f"  整改率 {'—' if rate is None else f'{rate:.1f}%'}")
        self.stdout.write(f"  校验码 {summary.digest}")
