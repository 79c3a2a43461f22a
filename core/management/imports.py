"""The command line of every import."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.exceptions import DomainError
from core.imports import ImportResult
from core.oserrors import why


class ImportCommand(BaseCommand):
    """``FILE [--dry-run] [--json]``; status 1 when anything was refused. Subclasses say what to run."""

    # ``prepare`` and ``up`` make them. They load every page, which takes longer than most tables.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="xlsx 或 csv 文件")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")

    def run(self, path: Path, options: dict) -> ImportResult:
        """Carry out the import."""
        raise NotImplementedError

    def handle(self, *args, **options):
        try:
            result = self.run(options["file"], options)
        except DomainError as refused:
            raise CommandError(refused.message) from refused
        if options["json"]:
            self.stdout.write(json.dumps(result.as_dict(), ensure_ascii=False))
        else:
            self._words(result, options["dry_run"])
        if result.errors:
            sys.exit(1)

    def _words(self, result: ImportResult, dry_run: bool) -> None:
        if result.errors:
            self.stderr.write(f"{result.file}：有 {len(result.errors)} 处错误，未写入任何一行。")
            for error in result.errors:
                self.stderr.write(f"  {error}")
            return
        did = "检查通过，未写入（--dry-run）" if dry_run else "导入完成"
        counts = f"新增 {result.created}，更新 {result.updated}，未变 {result.unchanged}"
        self.stdout.write(f"{result.file}：{did}。共 {result.rows} 行，{counts}。")
        for note in result.notes:
            self.stdout.write(f"  {note}")


def mapping_option(path: Path | None) -> dict[str, str] | None:
    """{their column: ours} of a JSON file; CommandError in words when it is none."""
    if path is None:
        return None
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(f"无法读取文件 {path}：{why(error)}。") from error
    except ValueError as error:
        raise CommandError(f"{path.name} 不是 JSON 文件。") from error
    if not isinstance(said, dict) or not all(isinstance(value, str | None) for value in said.values()):
        raise CommandError(f"{path.name} 应为一个 JSON 对象：表中的列名 → 本系统的列名。")
    return {column: value or "" for column, value in said.items()}
