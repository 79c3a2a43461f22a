"""``import_items``: the catalogue of service items."""

from catalogue.domain.imports import import_items
from core.management.imports import ImportCommand


class Command(ImportCommand):
    help = "导入政务服务事项。主管部门可写全称、简称或所属系统；重复导入不产生变化。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--region", default="", help="在哪个区域找主管部门；有同名单位时必须指明")

        parser.add_argument("--create-missing", action="store_true", help="主管部门不存在时新建单位（须写 --region）")

    def run(self, path, options):
        names = ("create_missing", "dry_run")
        return import_items(path=path, region_name=options["region"], **{name: options[name] for name in names})
