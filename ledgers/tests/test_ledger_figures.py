"""What a ledger holds comes out in the figures of its months, and of all of them, whoever counts."""

from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command

from campaigns.models import Campaign
from ledgers.domain.imports import import_ledger
from ledgers.tests.tables import ledger, row
from reports.domain.compile import compile_period, period_in
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.queries import SYSTEM
from tests.cast import AUTUMN

pytestmark = [pytest.mark.clock(AUTUMN), pytest.mark.both_databases]
CLASSES = ("业务办理", "政务服务", "执法", "投诉处置", "窗口建设")
MONTHS = {"2022-06": 20, "2022-07": 25, "2022-08": 30}
DAYS = {"2022-06": "2022-06-08", "2022-07": "2022-07-06", "2022-08": "2022-08-10"}
CLOSED = {"完成日期": "2022-08-20", "是否销号": "是", "责任人": "丙某", "整改时限": "2022-08-15"}


def problems() -> list[dict]:
    """75 problems of 60 items in five classes over three months with 81 measures; 30 are struck off, 20 late."""
    found = []
    for period, count in MONTHS.items():
        for _ in range(count):
            number = len(found)
            cells = {
                "问题编号": f"台-{number + 1:03d}", "发现日期": DAYS[period], "体验事项": f"事项{number % 60 + 1:02d}",
                "存在问题": f"第{number + 1}个问题", "分类": CLASSES[number % 5], "来源": "走流程",
                "整改措施": "①改甲②改乙" if number < 6 else "改甲",
            }  # fmt: skip
            closed = CLOSED | ({"整改时限": "2022-08-31"} if number % 3 == 0 else {}) if number < 30 else {}
            found.append(row(**cells, **closed))
    return found


def summary(cast, period: str) -> dict:
    compiled = compile_period(campaign=cast.campaign, period=period_in(cast.campaign, period), actor=None)
    return compiled.data


def test_sixty_items_seventy_five_issues_and_eighty_one_measures_come_out(cast, tmp_path):
    path = ledger(tmp_path, *problems())
    done = import_ledger(campaign=cast.campaign, path=path, create_missing=True)
    assert ([str(error) for error in done.errors], done.created) == ([], 75)
    whole = summary(cast, "all")
    assert (whole["items"], whole["issues_found"], whole["measures"]) == (60, 75, 81)
    assert {name: n for name, n in whole["by_category"].items() if n} == dict.fromkeys(CLASSES, 15)
    assert (whole["closed"], whole["rectification_rate"], whole["on_time_rate"]) == (30, 40.0, 33.3)
    months = {period: summary(cast, period) for period in MONTHS}
    assert {period: told["issues_found"] for period, told in months.items()} == MONTHS
    assert [told["measures"] for told in months.values()] == [26, 25, 30]
    assert [told["items"] for told in months.values()] == [20, 25, 30]
    june = Counter(CLASSES[number % 5] for number in range(20))
    assert {name: n for name, n in months["2022-06"]["by_category"].items() if n} == dict(june)
    again = import_ledger(campaign=cast.campaign, path=path, create_missing=True)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 75)
    assert summary(cast, "all") == whole


def test_the_items_of_a_ledger_open_as_rows(cast, tmp_path):
    import_ledger(campaign=cast.campaign, path=ledger(tmp_path, *problems()[:3]), create_missing=True)
    query = ReportQuery(cast.campaign, period_in(cast.campaign, "all"), date(2022, 9, 1), SYSTEM)
    assert [(item.name, item.times) for item in FIGURES["items"].rows(query).order_by("name")] == [
        (f"事项0{number}", 0) for number in (1, 2, 3)
    ]


def test_the_commands_print_the_contract(cast, tmp_path, capsys):
    call_command("import_ledger", str(ledger(tmp_path, row())), "--campaign", "QH2022", "--json")
    told = capsys.readouterr().out
    assert '"created": 1' in told
    batch = told.split('"batch": "')[1].split('"')[0]
    call_command("undo_import", batch)
    assert capsys.readouterr().out == "台账.csv已撤销：删除问题 1 件，恢复 0 件。\n"
    assert Campaign.objects.get().issues.count() == 0
