"""``erase_people``: erase the personal data noted on one walk; what was signed still verifies (docs/trust.md B8)."""

from django.core.management.base import BaseCommand, CommandError

from campaigns.management.options import user_option
from core.exceptions import DomainError
from core.text import read_uuid
from walks.domain.personal import erase_of_walk
from walks.models import Walk


class Command(BaseCommand):
    help = "清除一次体验中被回访、参加人员的姓名和电话，签字和统计不受影响，留有审计记录。清除后不能恢复。"

    def add_arguments(self, parser):
        parser.add_argument("--walk", required=True, help="体验的编号（页面地址中的一串）")
        parser.add_argument("--name", default="", help="只清除这个姓名的人员，不填为全部")
        parser.add_argument("--reason", required=True, help="清除原因，如“本人申请”“保存期满”")
        parser.add_argument("--as", dest="username", required=True, help="由谁决定清除（用户名）")

    def handle(self, *args, walk, name, reason, username, **options):
        pk = read_uuid(walk)
        found = Walk.objects.filter(pk=pk).first() if pk else None
        if found is None:
            raise CommandError(f"没有编号为“{walk}”的体验。")
        actor = user_option(username)
        if actor is None:
            raise CommandError("请用 --as 写明由谁决定清除。")
        try:
            number = erase_of_walk(walk=found, actor=actor, reason=reason, name=name)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已清除 {number} 条个人信息。")
