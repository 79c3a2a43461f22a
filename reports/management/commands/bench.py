"""The benchmark: pages at depth and the ledger's workbook beside a plain django-import-export resource."""

import json

from django.core.management.base import BaseCommand, CommandError

from bench import steps
from bench.run import Bench


class Command(BaseCommand):
    help = "基准测试：在自己的临时数据库上量台账页面与导出，只报告比值与增长（读法见 bench/README.md）。"
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--rows", nargs="+", type=int, default=[10_000, 100_000], help="问题条数，可给多个")
        parser.add_argument("--peer-rows", type=int, default=10_000, help="与 django-import-export 对比的最多条数")
        parser.add_argument("--rounds", type=int, default=2, help="每项量几轮，取最好的一次")
        parser.add_argument("--tries", type=int, default=7, help="每轮打开一个页面几次，取最快的一次")
        parser.add_argument("--database-url", default="", help="空的 PostgreSQL 数据库地址；不填用临时 SQLite")
        parser.add_argument("--step", choices=sorted(steps.TASKS), help="内部使用：在本进程中执行一步")
        parser.add_argument("--arguments", default="{}", help="内部使用")

    def handle(self, *args, rows, peer_rows, rounds, tries, database_url, step, arguments, **options):
        if step:
            self.stdout.write(json.dumps(steps.TASKS[step](**json.loads(arguments)), ensure_ascii=False))
            return
        if min(rows) < 100 or min(peer_rows, rounds, tries) < 1:
            raise CommandError("--rows 至少为 100，--peer-rows、--rounds 与 --tries 至少为 1。")
        try:
            how = {"rounds": rounds, "tries": tries, "database_url": database_url}
            Bench(sizes=rows, peer_rows=peer_rows, say=self.stdout.write, **how).run()
        except RuntimeError as error:
            raise CommandError(f"基准测试未完成：{error}。") from error
