"""``drf_create_token``: a token for somebody, made on the server; the key is printed once."""

from datetime import date, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.domain.tokens import LONGEST, make_token
from accounts.enums import TokenScope
from accounts.models import User
from core.exceptions import DomainError


class Command(BaseCommand):
    help = "为账号建立接口令牌并显示一次（本人也可以在“接口令牌”页建立）。"

    def add_arguments(self, parser):
        parser.add_argument("username", help="用户名")
        parser.add_argument("--purpose", default="命令行建立", help="用途")
        parser.add_argument(
            "--scope", choices=TokenScope.values, default=TokenScope.ACT, help="read 只读，act 读取和办理"
        )
        parser.add_argument("--days", type=int, default=LONGEST.days - 1, help="有效天数，默认一年")

    def handle(self, *args, **options):
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"没有用户名为“{options['username']}”的账号，没有建立令牌。")
        asked = {name: options[name] for name in ("purpose", "scope")}
        try:
            _, key = make_token(user=user, expires_on=_last_day(options["days"]), now=timezone.now(), **asked)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Generated token {key} for user {user.username}")


def _last_day(days: int) -> date:
    if not 0 <= days < LONGEST.days:
        raise CommandError(f"有效天数应在 0 至 {LONGEST.days - 1} 之间，没有建立令牌。")
    return timezone.localdate() + timedelta(days=days)
