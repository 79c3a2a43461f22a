"""``update_ledger``: an exported ledger that was edited comes back."""

from django.core.management.base import CommandError

from campaigns.management.options import user_option
from core.management.imports import ImportCommand
from ledgers.domain.returned.work import bring_back


class Command(ImportCommand):
    help = "导回从本系统导出并改过的台账：按编号写入整改进展、联系电话、备注；其他列的改动和导出后已有变动的行只列出。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--as", dest="username", required=True, help="由谁导回（用户名），只写入其有权办理的问题")

    def run(self, path, options):
        actor = user_option(options["username"])
        if actor is None:
            raise CommandError("请用 --as 写明由谁导回。")
        return bring_back(path=path, actor=actor, dry_run=options["dry_run"])

    def _words(self, result, dry_run):
        super()._words(result, dry_run)
        for ask in result.asks:
            before, after = ask["before"] or "空", ask["after"] or "空"
            self.stdout.write(
                f"  第 {ask['row']} 行 {ask['number']}“{ask['column']}”现为“{before}”，表中为“{after}”：{ask['why']}。"
            )
