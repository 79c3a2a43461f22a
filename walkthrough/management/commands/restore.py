"""``restore FILE``."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.audit import verify
from core.backup.restoring import restore
from core.exceptions import Refused
from core.oserrors import why
from walkthrough import checks, embedded
from walkthrough.backup_words import facts, lines
from walkthrough.supervisor import Failure


class Command(BaseCommand):
    help = "用备份文件恢复数据库、照片等文件和审计锚点。先停止服务；本机已有数据的加 --replace，原有数据移到旁边保存。"
    # Not the one of the tables: another version's are moved aside.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="备份文件")
        parser.add_argument("--replace", action="store_true", help="本机已有数据时替换：原有数据移到旁边保存，不删除")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")

    def handle(self, *args, file, replace, **options):
        if unusable := checks.var_dir(None):
            raise CommandError(f"{unusable[0].msg}{unusable[0].hint}")
        try:
            with embedded.sole_owner(settings.VAR_DIR):
                done = restore(file, replace=replace, now=timezone.now())
        except (Failure, Refused) as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(f"没有恢复：{error.filename or file}：{why(error)}。没有改动任何数据。") from error
        verdict = verify()
        if options["json"]:
            found = {"file": str(file), "made_at": done.header.made_at, "aside": done.aside, "audit_ok": verdict.ok}
            self.stdout.write(json.dumps(found | facts(done.contents), ensure_ascii=False))
            return
        self.stdout.write(f"已恢复到备份时的状态（{done.header.made_at}）")
        self.stdout.write("\n".join(lines(done.contents)))
        self.stdout.write("审计记录完整，逐行核对相符。" if verdict.ok else f"审计记录不符：{verdict.reason}。")
        for place in done.aside:
            self.stdout.write(f"原有数据在 {place}，核对无误后自行删除。")
