"""What the commands that bring in an office's own tables share."""

from pathlib import Path

from campaigns.management.options import campaign_option
from core.management.imports import ImportCommand, mapping_option


class TableCommand(ImportCommand):
    """``FILE --campaign C [--mapping FILE] [--create-missing] [--dry-run] [--json]``."""

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--campaign", required=True, help="活动代码")
        parser.add_argument("--mapping", type=Path, help="JSON 文件：表中的列名 → 本系统的列名，空值表示不用该列")
        parser.add_argument("--create-missing", action="store_true", help="新建没有的单位和事项")
        parser.add_argument("--new-units", action="store_true", help="与现有单位名称相近的确是新单位，一并建立")

    def asked(self, options) -> dict:
        """What the command line says, for the function that imports."""
        return {
            "campaign": campaign_option(options["campaign"]),
            "mapping": mapping_option(options["mapping"]),
            "create_missing": options["create_missing"],
            "make_alike": options["new_units"],
            "dry_run": options["dry_run"],
        }
