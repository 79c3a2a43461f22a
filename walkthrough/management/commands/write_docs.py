"""``write_docs``: the documents that are written from the code."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from walkthrough import docs


class Command(BaseCommand):
    help = "由代码生成 docs/ 下的状态流转与台账列说明；--check 只核对，不写入。"
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="只核对；有过期的文件时报错，不写入")

    def handle(self, *args, check, **options):
        if check:
            if names := docs.stale(settings.BASE_DIR):
                raise CommandError(f"以下文件已过期，请运行 manage.py write_docs：{'、'.join(names)}。")
            self.stdout.write("生成的文件均为最新。")
            return
        names = docs.write(settings.BASE_DIR)
        self.stdout.write(f"已写入 {'、'.join(names)}。" if names else "生成的文件均为最新，未做改动。")
