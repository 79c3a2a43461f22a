"""``preview_campaign``: what a template makes due in a window, or what a campaign does, without creating anything."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.domain.preview import DutyLine, Share, published, shares, upcoming
from campaigns.domain.rulebook.due_dates import deadlines
from campaigns.domain.rulebook.rulebook import Rulebook, load_template, template_names
from campaigns.domain.rulebook.wording import obligations
from campaigns.domain.setup import working_version
from campaigns.enums import DeadlineKind
from campaigns.management.options import campaign_option, day_option
from core.calendar import known_calendar

PROVISIONAL = "（暂定：该年放假安排尚未公布）"


class Command(BaseCommand):
    help = "列出模板在起止日期内产生的各项期限；或一个活动（起草中的、已印发的）的期限、谁办、报给谁。不创建任何内容。"

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--template", help=f"模板：{'、'.join(template_names())}；须同时给出 --start 和 --end")
        which.add_argument("--campaign", help="活动代码：与“预览期限”“各项期限”页相同")
        parser.add_argument("--start", help="开始日期，如 2022-05-25")
        parser.add_argument("--end", help="结束日期，如 2022-12-31")
        parser.add_argument("--all", action="store_true", help="与 --campaign 同用：连同已过的期限，不限今后十二个月")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")

    def handle(self, *args, **options):
        if options["campaign"]:
            self._campaign(options)
        else:
            self._template(options)

    def _template(self, options: dict) -> None:
        if not (options["start"] and options["end"]):
            raise CommandError("用 --template 时须同时给出 --start 和 --end。")
        start, end = day_option("--start", options["start"]), day_option("--end", options["end"])
        if end < start:
            raise CommandError(f"结束日期 {end} 早于开始日期 {start}。")
        try:
            rules = load_template(options["template"]).fitted(start, end)
        except ValueError as error:
            raise CommandError(str(error)) from error
        found = deadlines(rules, known_calendar())
        if options["json"]:
            self._json({"template": options["template"], "deadlines": [one.as_dict() for one in found]})
            return
        self.stdout.write(f"{rules.title}（{start} 至 {end}）：{len(found)} 项期限")
        for one in found:
            mark = PROVISIONAL if one.is_provisional else ""
            self.stdout.write(f"{one.due_on}  {DeadlineKind(one.kind).label}  {one.period.label}{mark}")
        for text in _undated(rules):
            self.stdout.write(text)

    def _campaign(self, options: dict) -> None:
        campaign = campaign_option(options["campaign"])
        version, rules = working_version(campaign)
        duties = shares(campaign, rules)
        listed = published if version.issued_at else upcoming
        found = listed(campaign, duties, today=timezone.localdate(), whole=options["all"])
        if options["json"]:
            due, owed = [one.as_dict() for one in found], [one.as_dict() for one in duties]
            self._json({"campaign": campaign.code, "deadlines": due, "duties": owed})
            return
        state = "已印发" if version.issued_at else f"起草中，第 {version.number} 版"
        self.stdout.write(f"{campaign}（{campaign.starts_on} 至 {campaign.ends_on}，{state}）：{len(found)} 项期限")
        for text in (*map(_due_line, found), *_undated(rules), "谁办、报给谁：", *map(_duty_line, duties)):
            self.stdout.write(text)

    def _json(self, shown: dict) -> None:
        self.stdout.write(json.dumps(shown, ensure_ascii=False))


def _undated(rules: Rulebook) -> list[str]:
    asked = [f"{one.who}  {one.what}" for one in obligations(rules)]
    return ["不定日期的要求：", *asked] if asked else []


def _due_line(one: DutyLine) -> str:
    mark = PROVISIONAL if one.is_provisional else ""
    return f"{one.due_on}  {one.label}  {one.period}{mark}  {one.who} → {one.to}"


def _duty_line(one: Share) -> str:
    who = [f"{len(one.units)} 个单位"] if one.units else []
    who += ["当月跟单处理单位"] if one.by_list else []
    route = ["及".join(who) or "名单上没有这类单位", "、".join(one.receivers) or "（未设接收单位）", one.then]
    return f"{one.activity}（{one.kind_labels}）：{' → '.join(part for part in route if part)}"
