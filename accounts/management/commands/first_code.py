"""``first_code``: a one-time code for the page of the first start."""

from django.core.management.base import BaseCommand, CommandError

from accounts.domain.first_start import LASTS, new_code
from core.exceptions import Refused


class Command(BaseCommand):
    help = "空系统首次启动：显示一个一次性口令，用它在 /start/ 页建立三员、区域和统筹办。以前的口令随即失效。"

    def handle(self, *args, **options):
        try:
            code = new_code()
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(code)
        self.stderr.write(
            f"{LASTS.total_seconds() / 3600:.0f} 小时内有效，只能用一次；输错 5 次失效。请勿写入任何文件。"
        )
