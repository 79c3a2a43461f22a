"""``erase_reporter``: erase who reported a problem and what was answered; the issue and the figures stay."""

from django.core.management.base import BaseCommand, CommandError

from campaigns.management.options import user_option
from core.exceptions import DomainError
from issues.domain.detail import issues_to_open
from issues.domain.incoming.records import erase


class Command(BaseCommand):
    help = "清除一件来件的反映人、电话和答复，问题、满意度和统计不受影响，留有审计记录。清除后不能恢复。"

    def add_arguments(self, parser):
        parser.add_argument("--issue", required=True, help="问题编号")
        parser.add_argument("--reason", required=True, help="清除原因，如“本人申请”“保存期满”")
        parser.add_argument("--as", dest="username", required=True, help="由谁决定清除（用户名）")

    def handle(self, *args, issue, reason, username, **options):
        found = issues_to_open(None).filter(number=issue).first()
        if found is None:
            raise CommandError(f"没有编号为“{issue}”的问题。")
        actor = user_option(username)
        if actor is None:
            raise CommandError("请用 --as 写明由谁决定清除。")
        try:
            erase(issue=found, actor=actor, reason=reason)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已清除 {issue} 的反映人信息。")
