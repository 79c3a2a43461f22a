"""``import_units``: the units of one region, in the order of the notice's list.

It stands here because a unit may only be abolished when no campaign needs it any more.
"""

from functools import partial

from django.utils import timezone

from accounts.domain.unit_imports import import_units
from campaigns.domain.abolition import needed_for
from core.management.imports import ImportCommand


class Command(ImportCommand):
    help = "导入一个区域的单位名单。区域不存在时一并建立；重复导入不产生变化。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--region", required=True, help="区域名称，如 青禾县")
        parser.add_argument("--new-units", action="store_true", help="与现有单位名称相近的确是新单位，一并建立")

    def run(self, path, options):
        needed = partial(needed_for, today=timezone.localdate())
        return import_units(
            path=path, region_name=options["region"], dry_run=options["dry_run"], needed_for=needed,
            make_alike=options.get("new_units", False),
        )  # fmt: skip
