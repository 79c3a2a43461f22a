"""``import_hotline``: a month's 12345 figures of a campaign."""

from django.core.management.base import CommandError

from campaigns.domain.hotline_file import import_figures
from campaigns.models import Campaign
from core.management.imports import ImportCommand


class Command(ImportCommand):
    help = "导入一个月的12345工单数，用来排出下月的跟单处理单位；重复导入不产生变化，名单印发后不能再改。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--campaign", required=True, help="活动代码")
        parser.add_argument("--month", required=True, help="统计月份，如 2022-06")

    def run(self, path, options):
        campaign = Campaign.objects.filter(code=options["campaign"]).select_related("region").first()
        if campaign is None:
            raise CommandError(f"没有代码为“{options['campaign']}”的活动。")
        return import_figures(campaign=campaign, month=options["month"], path=path, dry_run=options["dry_run"])
