"""``create_campaign``: issue a campaign from the template of a notice."""

from django.core.management.base import BaseCommand, CommandError

from campaigns.domain.lifecycle import create_campaign
from campaigns.domain.roster import extend
from campaigns.domain.rulebook.rulebook import template_names
from campaigns.domain.versions import rules_of
from campaigns.management.options import day_option
from campaigns.models import Campaign
from core.exceptions import DomainError


class Command(BaseCommand):
    help = "按通知模板印发活动：区域和统筹办不存在时一并建立。再次运行只补入名单中缺少的单位。"

    def add_arguments(self, parser):
        parser.add_argument("--template", required=True, help=f"模板：{'、'.join(template_names())}")
        parser.add_argument("--code", required=True, help="活动代码，用作问题编号的开头，如 QH2022")
        parser.add_argument("--name", required=True, help="活动名称")
        parser.add_argument("--region", required=True, help="区域名称，如 青禾县")
        parser.add_argument("--start", required=True, help="开始日期，如 2022-05-25")
        parser.add_argument("--end", required=True, help="结束日期，如 2023-12-31")

    def handle(self, *args, **options):
        wanted = {name: options[name] for name in ("template", "code", "name")}
        start, end = (day_option(f"--{name}", options[name]) for name in ("start", "end"))
        try:
            campaign, created = create_campaign(**wanted, region_name=options["region"], start=start, end=end)
            if not created:
                self._require_same(
                    campaign, {**wanted, "region": options["region"], "starts_on": start, "ends_on": end}
                )
            added = campaign.roster.count() if created else extend(campaign=campaign, rules=rules_of(campaign.pk)[1])
        except DomainError as error:
            raise CommandError(error.message) from error
        if not created:
            self.stdout.write(f"活动 {campaign.code} 已存在，{f'补入 {added} 个单位' if added else '未做改动'}。")
            return
        self.stdout.write(f"活动 {campaign.code} 已印发：{campaign.office} 统筹，名单 {added} 个单位。")
        if not added:
            self.stdout.write("该区域还没有单位：请用 import_units 导入后再次运行本命令，补入名单。")

    def _require_same(self, campaign: Campaign, wanted: dict) -> None:
        """A code that already names another campaign is never taken over."""
        if any(str(getattr(campaign, name)) != str(value) for name, value in wanted.items()):
            shown = f"{campaign.name}”（{campaign.region}，{campaign.starts_on} 至 {campaign.ends_on}）"
            raise CommandError(f"代码 {campaign.code} 已用于“{shown}，未做改动。请换一个代码。")
