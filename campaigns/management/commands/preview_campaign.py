"""``preview_campaign``: what a template makes due in a window, without creating anything."""

import json

from django.core.management.base import BaseCommand, CommandError

from campaigns.domain.due import deadlines
from campaigns.domain.rulebook import load_template, template_names
from campaigns.enums import DeadlineKind
from campaigns.management.options import day_option
from core.calendar import known_calendar


class Command(BaseCommand):
    help = "列出模板在起止日期内产生的各项期限，不创建任何内容。"

    def add_arguments(self, parser):
        parser.add_argument("--template", required=True, help=f"模板：{'、'.join(template_names())}")
        parser.add_argument("--start", required=True, help="开始日期，如 2022-05-25")
        parser.add_argument("--end", required=True, help="结束日期，如 2022-12-31")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")

    def handle(self, *args, **options):
        start, end = day_option("--start", options["start"]), day_option("--end", options["end"])
        if end < start:
            raise CommandError(f"结束日期 {end} 早于开始日期 {start}。")
        try:
            rules = load_template(options["template"]).fitted(start, end)
        except ValueError as error:
            raise CommandError(str(error)) from error
        found = deadlines(rules, known_calendar())
        if options["json"]:
            shown = {"template": options["template"], "deadlines": [one.as_dict() for one in found]}
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
            return
        self.stdout.write(f"{rules.title}（{start} 至 {end}）：{len(found)} 项期限")
        for one in found:
            mark = "（暂定：该年放假安排尚未公布）" if one.is_provisional else ""
            self.stdout.write(f"{one.due_on}  {DeadlineKind(one.kind).label}  {one.period.label}{mark}")
