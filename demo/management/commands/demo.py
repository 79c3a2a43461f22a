"""``demo``: a fictional county to try everything on."""

from django.core.management.base import BaseCommand, CommandError

from accounts.domain import first_start
from accounts.models import User
from campaigns.models import Campaign
from core.exceptions import DomainError
from demo.domain.build import build
from demo.domain.material import ACCOUNTS, COUNTY, PASSWORD


def is_set_up() -> bool:
    """Whether the system has administrators that are not the demonstration's: an office begins with it. Accounts of a
    demonstration that was stopped half-way are all there."""
    own = User.objects.filter(username__in=[username for username, _ in ACCOUNTS]).count() == len(ACCOUNTS)
    return not first_start.is_open() and not own


class Command(BaseCommand):
    help = "装入虚构的青禾县演示数据。可重复运行；已有正式活动的库会拒绝。"

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="库中已有任何活动或管理员时什么也不做")

    def handle(self, *args, if_empty=False, **options):
        if if_empty and (Campaign.objects.exists() or is_set_up()):
            return
        try:
            made = build()
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"{COUNTY}（虚构）演示数据{'已装入' if made else '已在库中，未做改动'}。演示账号，密码均为 {PASSWORD}："
        )
        for username, who in ACCOUNTS:
            self.stdout.write(f"  {username:<12} {who}")
