"""An office's own ledger of many rows is brought in, beside the bare inserting of as many issues."""

import csv
import os
import tempfile
from datetime import date, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench import world
from campaigns.models import Campaign
from core.bulk_insert import many_rows
from issues.models import Issue, IssueEvent, Measure
from ledgers.domain.imports import import_ledger
from ledgers.models import ImportedRow

HEAD = (
    "序号", "编号", "检查时间", "问题来源", "检查项目", "问题描述", "问题类别", "责任单位", "整改责任人", "整改措施",
    "整改期限", "整改情况", "是否销号", "窗口",
)  # fmt: skip


def brought_in(rows: int) -> dict:
    """Processor time of bringing in a ledger of ``rows`` rows against that of inserting the same rows as Django does,
    with nothing around it, of bringing it in again against the first time, and the statements of the second time."""
    world.seed(100)
    campaign = Campaign.objects.select_related("region", "office").get(code=world.CODE)
    with tempfile.TemporaryDirectory() as folder:
        path = _written(Path(folder) / "台账.csv", rows, campaign)
        first, done = _taken(lambda: import_ledger(campaign=campaign, path=path))
        assert (done.created, [str(error) for error in done.errors]) == (rows, [])
        with CaptureQueriesContext(connection) as captured:
            second, again = _taken(lambda: import_ledger(campaign=campaign, path=path))
        assert again.unchanged == rows
    bare = _bare(done.batch)
    return {"import": first / bare, "again": second / first, "queries": len(captured)}


def _written(path: Path, rows: int, campaign: Campaign) -> Path:
    units = [unit.name for unit in campaign.region.departments.filter(kind="county")]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        have = Issue.objects.count()
        for number in range(1, rows + 1):
            day = date(2022, 6, 1) + timedelta(days=number % 300)
            text = f"{world.TEXTS[number % len(world.TEXTS)]}（第{number}件）"
            writer.writerow(
                [number, f"台-{have + number:05d}", day, "走流程", "", text, world.CATEGORIES[number % 4],
                 units[number % len(units)], "丙某", "1.修订告知单\n2.安排引导员", "月底前", "正在办理", "否", "3号"]
            )  # fmt: skip
    return path


def _taken(act) -> tuple[float, object]:
    """Processor time, that of the child that opens the file included."""
    began = sum(os.times()[:4])
    done = act()
    return sum(os.times()[:4]) - began, done


def _bare(batch: str) -> float:
    """Processor seconds of inserting what the import wrote once more, in the same numbers of rows."""
    kept = list(ImportedRow.objects.filter(batch=batch))
    issues = list(Issue.objects.filter(imported_rows__batch=batch))
    sides = [list(model.objects.filter(issue__in=[one.pk for one in issues])) for model in (Measure, IssueEvent)]

    def insert() -> None:
        for number, issue in enumerate(issues, start=Issue.objects.count()):
            issue.pk, issue.public_id, issue.number = None, None, f"{world.CODE}-B{number}"
            issue.public_id = Issue._meta.get_field("public_id").get_default()
        Issue.objects.bulk_create(issues, batch_size=500)
        for found, model in zip(sides, (Measure, IssueEvent), strict=True):
            for one in found:
                one.pk = None
            model.objects.bulk_create(found, batch_size=500)
        for row in kept:
            row.pk = None
        ImportedRow.objects.bulk_create(kept, batch_size=500)

    with many_rows(), transaction.atomic():
        return _taken(insert)[0]
