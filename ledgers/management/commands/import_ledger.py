"""``import_ledger``: a ledger of issues as an office keeps it."""

from ledgers.domain.imports import import_ledger
from ledgers.management.options import TableCommand


class Command(TableCommand):
    help = "导入问题整改台账。已有的行按原编号，或按日期、单位和问题认出；导入后已经办理的不改动；重复导入不产生变化。"

    def run(self, path, options):
        return import_ledger(path=path, **self.asked(options))
