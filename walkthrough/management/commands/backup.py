"""``backup FILE``."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.backup import status
from core.backup.making import megabytes
from core.backup.restoring import make_checked
from core.exceptions import Refused
from core.oserrors import MISSING_PARENT, why
from evidence.domain.names import stored_names
from walkthrough import __version__
from walkthrough.backup_words import facts, lines


class Command(BaseCommand):
    help = "把数据库、照片等文件和审计锚点写成一个备份文件，不需要停止服务。密钥不在其中，另存 .env。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="备份文件，如 /mnt/backup/2022-06-20.tar；不能是已有的文件")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")

    def handle(self, *args, file, **options):
        now = timezone.now()
        try:
            made = make_checked(file, stored_names=stored_names, version=__version__, now=now)
            if file.resolve().parent == Path(settings.BACKUP_DIR).resolve():
                status.note_good(made, now)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        except OSError as error:
            raise CommandError(f"备份没有写成：{file}：{why(error, missing=MISSING_PARENT)}。") from error
        if options["json"]:
            self.stdout.write(json.dumps({"file": str(file), "bytes": made.size} | facts(made.contents)))
            return
        self.stdout.write(f"已写成备份 {file}（{megabytes(made.size)}）")
        self.stdout.write("\n".join(lines(made.contents)))
        if made.contents.missing:
            self.stderr.write(f"有 {made.contents.missing} 个文件有记录而不在磁盘上，备份中没有。")
