"""``import_people``: accounts with their units and roles."""

import csv
import os
from pathlib import Path

from django.core.management.base import CommandError
from django.db import transaction

from accounts.domain.imports import PEOPLE, Passwords, import_people
from core.exceptions import Refused
from core.imports import ImportResult
from core.management.imports import ImportCommand
from core.oserrors import why
from core.tabular import read_table

NO_PASSWORDS = "新账号没有初始密码，暂不能登录；导入时加 --passwords 文件 可生成随机初始密码。"


class Command(ImportCommand):
    help = "导入人员、单位和角色。首次登录须改密码；重复导入不产生变化。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--region", default="", help="在哪个区域找单位；有同名单位时必须指明")
        parser.add_argument("--create-missing", action="store_true", help="单位不存在时新建（须写 --region）")
        parser.add_argument("--end-old-roles", action="store_true", help="一并结束表中人员在表外单位的角色（已调离）")
        parser.add_argument("--passwords", type=Path, help="把新账号的随机初始密码写入这个新文件（仅本人可读）")

    def run(self, path, options):
        target, passwords = options["passwords"], Passwords(wanted=options["passwords"] is not None)
        try:
            table = read_table(path, PEOPLE)
        except Refused as refused:
            return ImportResult.refused(path, refused)
        # The file is on disk before the accounts are committed: no account may exist whose password is lost.
        with transaction.atomic():
            result = import_people(
                path=table,
                region_name=options["region"],
                passwords=passwords,
                create_missing=options["create_missing"],
                end_old=options["end_old_roles"],
                dry_run=options["dry_run"],
            )
            if result.errors or options["dry_run"] or not result.created:
                return result
            if target:
                _write(target, passwords.issued)
        self.stderr.write(f"初始密码已写入 {target}，请当面交给本人后删除。" if target else NO_PASSWORDS)
        return result


def _write(target: Path, issued: dict[str, str]) -> None:
    """Side effect: a new file, mode 600, one line for each account; never over an existing one."""
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CommandError(f"无法新建密码文件 {target}：{why(error)}。未导入任何人员。") from error
    with open(handle, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("用户名", "初始密码"))
        writer.writerows(issued.items())
        file.flush()
        os.fsync(file.fileno())
