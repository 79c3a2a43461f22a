"""``remind``: make every reminder that must exist by now, as the scheduled tasks do."""

import json
from dataclasses import asdict
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.domain.reminding import make_all_reminders, would_remind

YEARS = range(2000, 2101)


class Command(BaseCommand):
    help = (
        "生成截至此刻应有的全部提醒（整改时限、复核、需求、延期、征询、督办单、督查、回头看、计划、体验次数、"
        "承诺的结果、通报公布、本期材料），重复执行不会重复提醒。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--now", help="按此时刻计算，如 2022-06-19T09:00（北京时间），默认为当前时间")
        parser.add_argument("--dry-run", action="store_true", help="只计算，逐条列出将提醒谁、写什么，不生成提醒")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")

    def handle(self, *args, **options):
        now = _moment(options["now"]) if options["now"] else timezone.now()
        counts, told = would_remind(now) if options["dry_run"] else (make_all_reminders(now), [])
        if options["json"]:
            listed = {"would_tell": [asdict(one) for one in told]} if options["dry_run"] else {}
            self.stdout.write(json.dumps(listed | counts, ensure_ascii=False))
            return
        made = "将新增" if options["dry_run"] else "新增"
        self.stdout.write(f"应有提醒 {counts['reminders']} 条，{made} {counts['new']} 条。")
        for one in told:
            self.stdout.write(f"{one.label}（{one.username}）{'［已合并］' if one.is_merged else ''}：{one.text}")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--now 的值“{text}”无法识别：应形如 2022-06-19T09:00。") from error
    if not YEARS.start <= moment.year < YEARS.stop:
        raise CommandError(f"--now 的年份应在 {YEARS.start} 至 {YEARS.stop - 1} 之间。")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
