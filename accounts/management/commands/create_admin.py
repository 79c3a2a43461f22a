"""``create_admin``: one of the three administrators, or another one-time password for one."""

from django.core.management.base import BaseCommand, CommandError

from accounts.domain.passwords import ONE_TIME_LASTS
from accounts.domain.three_admins import make_admin, reset_admin
from accounts.enums import AccountKind
from core.exceptions import Refused

# By the word of docs/contract.md, or by its code.
KINDS = {"system": AccountKind.SYSADMIN, "security": AccountKind.SECADMIN, "audit": AccountKind.AUDITOR}
KINDS |= {kind.value: kind for kind in KINDS.values()}


class Command(BaseCommand):
    help = "建立系统管理员、安全管理员或审计员，或重置其密码（--reset）；显示一次性密码，首次登录须修改。"

    def add_arguments(self, parser):
        parser.add_argument("username", help="用户名")
        parser.add_argument("--kind", choices=[*KINDS], help="哪一类管理员")
        parser.add_argument("--name", default="", help="姓名")
        parser.add_argument("--reset", action="store_true", help="只重置已有管理员的密码，停用的一并启用")

    def handle(self, *args, username, kind=None, name="", reset=False, **options):
        if not reset and not (kind and name):
            raise CommandError("请写明 --kind 和 --name；重置密码用 --reset。")
        try:
            if reset:
                _, password = reset_admin(username=username)
            else:
                _, password = make_admin(kind=KINDS[kind], username=username, name=name)
        except Refused as refused:
            said = "；".join(refused.fields.values()) or refused.message
            raise CommandError(said) from refused
        self.stdout.write(password)
        self.stderr.write(f"一次性密码，{ONE_TIME_LASTS.days} 天内有效，请交给本人；首次登录须修改。")
