"""``erase_expired``: erase personal data and originals whose time is over (docs/trust.md B8)."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.management.options import user_option
from core.exceptions import DomainError
from home.domain.retention import LABELS, UNITS, due_words, erase_expired, kept_campaigns


class Command(BaseCommand):
    help = "清除已归档活动中保存期满的个人信息和照片原件；统计、签字不受影响，留有审计记录。清除后不能恢复。"

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="只列出将要清除的内容")
        parser.add_argument("--reason", default="", help="清除原因，如“保存期满”")
        parser.add_argument("--as", dest="username", default="", help="办理清除的安全管理员（用户名）")

    def handle(self, *args, reason, username, **options):
        if options["dry_run"]:
            self.stdout.write("\n".join(due_words(kept_campaigns(timezone.now()))) or "没有保存期满的内容。")
            return
        actor = user_option(username)
        if actor is None:
            raise CommandError("请用 --as 写明办理清除的安全管理员。")
        try:
            erased = erase_expired(actor=actor, reason=reason)
        except DomainError as error:
            raise CommandError(str(error)) from error
        words = "、".join(f"{LABELS[kind]} {count} {UNITS[kind]}" for kind, count in erased.items() if count)
        self.stdout.write(f"已清除：{words}。")
