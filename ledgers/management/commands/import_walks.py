"""``import_walks``: a register of walks as a unit keeps it."""

from ledgers.domain.imports import import_walks
from ledgers.management.options import TableCommand


class Command(TableCommand):
    help = "导入走流程情况登记表，连同发现的问题。已有的按日期、单位、事项和体验人认出，不改动；重复导入不产生变化。"

    def run(self, path, options):
        return import_walks(path=path, **self.asked(options))
