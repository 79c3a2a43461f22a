"""Runs the steps one after another, ours and the peer's in turn, and says how they compare: ratios, never figures."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings


class Bench:
    """One run over ``sizes`` issues (ascending), on an own SQLite database or on an empty one given by its address."""

    def __init__(self, *, sizes: list[int], peer_rows: int, rounds: int, tries: int, database_url: str, say):
        self.sizes, self.peer_rows, self.database_url, self.say = sorted(sizes), peer_rows, database_url, say
        self.rounds, self.tries = rounds, tries * rounds
        self.before: dict | None = None

    def run(self) -> None:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            self.folder = Path(folder)
            (self.folder / "static").mkdir()
            for size in self.sizes:
                self._size(size)

    def _size(self, size: int) -> None:
        self.say(f"\n== {size:,} issues ==")
        found = self._step("read", rows=size, times=self.tries) | {"size": size}
        self._say_pages(found)
        found["month"] = self._step("month", rows=size, times=self.tries)
        self._say_month(found["month"])
        best = self._say_peer(min(size, self.peer_rows))
        found["full"] = best if size <= self.peer_rows else self._export("ours", size)
        for name, plan in found["explain"].items():
            self.say(f"  plan, {name}:\n    " + plan.replace("\n", "\n    "))
        self._say_brought_in(self._step("brought_in", rows=min(size, self.peer_rows)), min(size, self.peer_rows))
        if self.before:
            self._say_growth(self.before, found)
        self.before = found

    def _say_pages(self, found: dict) -> None:
        pages = found["pages"]
        self.say("  page, time against the first page of the same person (queries):")
        for name, page in pages.items():
            first = pages[f"{name.split(':')[0]}: first page"]
            self.say(f"    {name}: x{page['ms'] / first['ms']:.2f} ({page['queries']})")
        depth = found["depth"]
        self.say(f"  rows at 90 % depth, OFFSET against keyset: x{depth['offset'] / depth['keyset']:.1f}")

    def _say_month(self, found: dict) -> None:
        self.say(f"  a month of {found['units']:,} units, against the same SQL with nothing around it:")
        self.say(f"    counting it: x{found['counting']:.1f} in {found['queries']} queries")
        self.say(f"    its page once published: x{found['page']:.1f} in {found['page_queries']} queries")

    def _say_brought_in(self, found: dict, rows: int) -> None:
        self.say(f"  an office's own ledger of {rows:,} rows, processor time against inserting the same rows:")
        self.say(f"    bringing it in: x{found['import']:.1f}")
        self.say(
            f"    bringing it in again, against the first time: x{found['again']:.2f} ({found['queries']} queries)"
        )

    def _say_peer(self, rows: int) -> dict:
        """Says how the peer's workbook compares; returns the best figures of ours."""
        ours, theirs = [], []
        for _ in range(self.rounds):
            ours.append(self._export("ours", rows))
            theirs.append(self._export("peer", rows))
        self.say(f"  workbook of {rows:,} rows, django-import-export against ours, best of {self.rounds}:")
        best = {name: min(run[name] for run in ours) for name in ("seconds", "mib", "bytes")}
        for name, unit in (("seconds", "time"), ("mib", "memory above the start"), ("bytes", "size of the file")):
            self.say(f"    {unit}: x{min(run[name] for run in theirs) / max(best[name], 0.1):.1f}")
        return best

    def _say_growth(self, small: dict, large: dict) -> None:
        times = large["size"] / small["size"]
        self.say(f"  growth from {small['size']:,} to {large['size']:,} issues (rows x{times:g}):")
        for name, page in large["pages"].items():
            self.say(f"    page, {name}: x{page['ms'] / small['pages'][name]['ms']:.2f}")
        for way in ("keyset", "offset"):
            self.say(f"    rows at 90 % depth, {way}: x{large['depth'][way] / small['depth'][way]:.2f}")
        for name, unit in (("seconds", "time"), ("mib", "memory above the start")):
            self.say(f"    workbook of all rows, {unit}: x{large['full'][name] / max(small['full'][name], 0.1):.2f}")

    def _export(self, kind: str, rows: int) -> dict:
        return self._step("export", kind=kind, rows=rows, folder=str(self.folder))

    def _step(self, step: str, **arguments):
        database = self.database_url or f"sqlite:///{self.folder / 'bench.sqlite3'}"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "DATABASE_URL": database,
            "VAR_DIR": str(self.folder),
            "SECRET_KEY": secrets.token_hex(32),
            "ALLOWED_HOSTS": "testserver",
            "DEBUG": "false",
            "HTTPS": "false",
        }
        argv = [sys.executable, "manage.py", "bench", "--step", step, "--arguments", json.dumps(arguments)]
        done = subprocess.run(argv, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise RuntimeError(f"step {step} failed")
        return json.loads(done.stdout.splitlines()[-1])
