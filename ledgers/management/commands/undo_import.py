"""``undo_import``: take a whole batch back."""

import sys

from django.core.management.base import BaseCommand, CommandError

from core.exceptions import DomainError
from core.text import read_uuid
from ledgers.domain.queries import batch_by_id
from ledgers.domain.undo import undo_batch


class Command(BaseCommand):
    help = "撤销一批导入（24 小时内）。导入后已经办理的不撤销，逐件列出；编号不再使用，导入记录保留。"

    def add_arguments(self, parser):
        parser.add_argument("batch", help="导入时显示的批次")

    def handle(self, *args, **options):
        pk = read_uuid(options["batch"])
        batch = batch_by_id(pk) if pk else None
        if batch is None:
            raise CommandError(f"没有批次“{options['batch']}”。")
        try:
            done = undo_batch(batch=batch, actor=None)
        except DomainError as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(f"{batch.file}已撤销：{done.words()}。")
        if done.kept:
            self.stderr.write(f"以下 {len(done.kept)} 件导入后已经办理，没有撤销：{'、'.join(done.kept)}。")
            sys.exit(1)
