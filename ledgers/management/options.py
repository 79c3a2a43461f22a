"""What the commands that bring in an office's own tables share."""

import json
from pathlib import Path

from django.core.management.base import CommandError

from campaigns.management.options import campaign_option
from core.management.imports import ImportCommand
from core.oserrors import why


class TableCommand(ImportCommand):
    """``FILE --campaign C [--mapping FILE] [--create-missing] [--dry-run] [--json]``."""

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--campaign", required=True, help="活动代码")
        parser.add_argument("--mapping", type=Path, help="JSON 文件：表中的列名 → 本系统的列名，空值表示不用该列")
        parser.add_argument("--create-missing", action="store_true", help="新建没有的单位和事项")

    def asked(self, options) -> dict:
        """What the command line says, for the function that imports."""
        return {
            "campaign": campaign_option(options["campaign"]),
            "mapping": read_mapping(options["mapping"]),
            "create_missing": options["create_missing"],
            "dry_run": options["dry_run"],
        }


def read_mapping(path: Path | None) -> dict[str, str] | None:
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
