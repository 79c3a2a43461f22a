"""The measured steps. Each runs in a process of its own, so that one's memory does not count for another."""

import resource
import time
from pathlib import Path

from django.core.management import CommandError, call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Department, User
from bench import brought_in, month, peer, world
from core.listing import PER_PAGE, beyond, ids_in_order, place, read_order
from issues.columns import page_columns
from issues.domain import ledger
from issues.exports import ledger as exports
from issues.models import Issue
from issues.tables import select

DEPTH = 0.9
QUERIES = {
    "first page": "",
    "by due date": "sort=due_on",
    "open": "tab=open&sort=due_on",
    "overdue": "tab=overdue",
    "one unit": "unit={unit}&state=done",
    "period": "period=2022-06",
    "text": "q=gzd",
}


def seed(rows: int) -> None:
    """The database brought to ``rows`` issues; refuses one that holds issues of anybody else."""
    call_command("migrate", verbosity=0)
    if Issue.objects.exclude(campaign__code__startswith=world.CODE).exists():
        raise CommandError("该数据库中已有业务数据，基准测试未运行。请用 --database-url 指定一个空数据库。")
    world.seed(rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def pages(times: int) -> dict:
    """Milliseconds (least of ``times``) and queries of the ledger page: as it opens, under each condition, deep."""
    found = {}
    for username in ("office", "liaison"):
        client = Client()
        user = User.objects.get(username=username)
        client.force_login(user)
        deep = {"90 % deep": _deep_query(user, ""), "90 % deep by due date": _deep_query(user, "due_on")}
        for name, query in (_queries() | deep).items():
            found[f"{username}: {name}"] = _timed(client, query, times)
    return found


def _queries() -> dict[str, str]:
    unit = Department.objects.get(name="县第5局").pk
    return {name: query.format(unit=unit) for name, query in QUERIES.items()}


def _deep(user, sort: str):
    """(selection, how many rows come before 90 % of it, the sort values of the row there)."""
    selection = select(user, QueryDict(f"sort={sort}"), timezone.localdate())
    start = int(selection.queryset.count() * DEPTH)
    rows = selection.queryset.order_by(*selection.order.by()).values_list(*selection.order.fields)
    return selection, start, rows[start - 1]


def _deep_query(user, sort: str) -> str:
    selection, start, here = _deep(user, sort)
    row = dict(zip(selection.order.fields, here, strict=True))
    row["number"] = Issue.objects.values_list("number", flat=True).get(pk=row["id"])
    return f"sort={sort}&after={place(selection.order, row, start // PER_PAGE + 1)}"


def _timed(client, query: str, times: int) -> dict:
    url = f"{reverse('issues')}?{query}"
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
        queries = len(captured)
    return {"ms": _least(lambda: client.get(url), times), "queries": queries}


def _least(act, times: int) -> float:
    """Milliseconds of the quickest of several tries: what the work takes when nothing else is in its way."""
    tries = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        tries.append((time.perf_counter() - began) * 1000)
    return min(tries)


def depth(times: int) -> dict:
    """Milliseconds of the rows of one page at 90 % depth by due date: by position (keyset) and by OFFSET."""
    selection, start, here = _deep(User.objects.get(username="office"), "due_on")
    ordered = selection.queryset.order_by(*selection.order.by())
    after = beyond(selection.queryset, selection.order, here).order_by(*selection.order.by())
    ways = {"offset": ordered[start : start + PER_PAGE], "keyset": after[:PER_PAGE]}
    return {name: _least(lambda rows=rows: _read(rows, selection.order), times) for name, rows in ways.items()}


def _read(rows, order) -> None:
    ledger.read_rows(rows, order, timezone.localdate(), with_measures=False)


def explain() -> dict:
    """How the database finds the rows of the office's page under each condition, and of a deep one."""
    user, plans = User.objects.get(username="office"), {}
    for name, query in _queries().items():
        selection = select(user, QueryDict(query), timezone.localdate())
        plans[name] = _plan(selection.queryset, selection.order)
    selection, _, here = _deep(user, "due_on")
    plans["90 % deep by due date"] = _plan(beyond(selection.queryset, selection.order, here), selection.order)
    return plans


def read(rows: int, times: int) -> dict:
    """``seed``, then ``pages``, ``depth`` and ``explain``, in one process: none of them measures memory."""
    seed(rows)
    return {"pages": pages(times), "depth": depth(times), "explain": explain()}


def _plan(queryset, order) -> str:
    return queryset.order_by(*order.by()).values("pk")[:PER_PAGE].explain()


def export(kind: str, rows: int, folder: str) -> dict:
    """One workbook of the first ``rows`` issues: processor seconds, and by how many MiB peak memory rose."""
    path = Path(folder) / f"{kind}.xlsx"
    before = _peak()
    began = time.process_time()
    written = peer.export(path, rows) if kind == "peer" else _ours(path, rows)
    seconds = time.process_time() - began
    return {"rows": written, "seconds": seconds, "mib": _peak() - before, "bytes": path.stat().st_size}


def _ours(path: Path, rows: int) -> int:
    order, _ = read_order("", page_columns(), "number")
    today = timezone.localdate()
    ids = ids_in_order(Issue.objects.filter(campaign__code=world.CODE), order)[:rows]
    spec = exports.sheet(place="万卷县", unit="县营商办", today=today)
    return exports.write(path, spec, ids, order, today)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


TASKS = {"read": read, "export": export, "month": month.month, "brought_in": brought_in.brought_in}
