"""更名 of a unit: the page, the name of a day, and what finds it by either name."""

from datetime import date
from uuid import uuid4

import pytest

from accounts.domain.abolition import abolish
from accounts.domain.renaming import name_on, rename, token_of_name
from accounts.domain.unit_imports import import_units
from accounts.domain.units import UnitFinder
from accounts.models import Department, UnitChange, UnitName
from core.exceptions import NotAllowed, Refused, StaleVersion
from core.models import AuditEntry
from core.tabular import Row, SheetTable
from issues.domain.queries import issues_visible_to
from issues.domain.search import found_by
from tests.cast import NOON, issue_in
from walks.domain.imported import ImportedWalk, make_imported_walks

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON), pytest.mark.both_databases]
TODAY, DOCUMENT, NEW = NOON.date(), "县委编办〔2022〕12号", "县民政和养老服务局"


def renamed(cast, name=NEW, on=TODAY, **changes):
    unit = Department.objects.get(pk=cast.unit.pk)
    given = {"unit": unit, "name": name, "on": on, "document": DOCUMENT, "actor": cast.sysadmin}
    return rename(**given | {"seen": token_of_name(unit)} | changes)


def press(client, unit, **data):
    page = client.get(f"/units/{unit.pk}/rename/")
    sent = {"name": NEW, "on": str(TODAY), "document": DOCUMENT, "idempotency_key": uuid4().hex}
    sent |= {"seen": page.context["form"]["seen"].value()} | data
    return client.post(f"/units/{unit.pk}/rename/", sent)


def test_the_page_renames_once_and_keeps_the_old_name_with_its_days(client, cast):
    client.force_login(cast.sysadmin)
    key, seen = uuid4().hex, token_of_name(cast.unit)
    assert [press(client, cast.unit, idempotency_key=key, seen=seen).status_code for _ in range(2)] == [302, 302]
    unit = Department.objects.get(pk=cast.unit.pk)
    assert (unit.name, name_on(unit, TODAY), name_on(unit, date(2022, 6, 7))) == (NEW, NEW, "县民政局")
    change = UnitChange.objects.get()
    assert (change.kind, change.before, change.after, change.made_by) == ("renamed", ["县民政局"], [NEW], cast.sysadmin)
    entry = AuditEntry.objects.get(action="unit.renamed")
    assert (entry.detail["from"], entry.detail["to"], entry.detail["change"]) == (
        "县民政局",
        NEW,
        str(change.public_id),
    )
    assert "原名称：县民政局" in client.get("/units/", {"q": "县民政局"}).text


def test_two_renamings_each_have_their_days(cast):
    renamed(cast, on=date(2022, 6, 1))
    renamed(cast, "县民政局", date(2022, 6, 5))
    unit = Department.objects.get(pk=cast.unit.pk)
    days = {str(day): name_on(unit, day) for day in (date(2022, 5, 31), date(2022, 6, 1), date(2022, 6, 4), TODAY)}
    assert days == {"2022-05-31": "县民政局", "2022-06-01": NEW, "2022-06-04": NEW, "2022-06-08": "县民政局"}


def test_a_walk_brought_in_keeps_the_name_the_unit_had_on_its_day(cast):
    renamed(cast)
    unit, rules = Department.objects.get(pk=cast.unit.pk), cast.campaign.rule_versions.get()
    told = [
        ImportedWalk(
            rules=rules, period="2022-06", day=day, department=unit, receivers=(cast.lead_unit,), item=cast.item,
            people=((cast.principal, "principal"),), activity_kind="window_duty", mode="in_person",
        )
        for day in (date(2022, 6, 7), TODAY)
    ]  # fmt: skip
    made = make_imported_walks(campaign=cast.campaign, told=told, actor=cast.office, now=NOON)
    assert [walk.department_name for walk in made] == ["县民政局", NEW]


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"name": ""}, "请填写新名称"),
        ({"name": "县民政局"}, "现在就叫县民政局"),
        ({"name": "县公安局"}, "本区域已有县公安局"),
        ({"on": "2022-06-09"}, "不能晚于今天（2022-06-08）"),
        ({"document": ""}, "请写明更名依据的文件"),
    ],
)
def test_what_is_refused_is_said_at_its_field_and_changes_nothing(client, cast, sent, word):
    client.force_login(cast.sysadmin)
    answer = press(client, cast.unit, **sent)
    assert (answer.status_code, word in answer.text) == (400, True)
    assert (Department.objects.get(pk=cast.unit.pk).name, UnitName.objects.count()) == ("县民政局", 0)


def test_a_name_another_unit_bore_and_a_day_before_the_last_change_are_refused(cast):
    renamed(cast, on=date(2022, 6, 5))
    with pytest.raises(Refused, match="县民政局是县民政和养老服务局的原名称"):
        rename(
            unit=cast.second_unit, name="县民政局", on=TODAY, document=DOCUMENT, actor=cast.sysadmin,
            seen=token_of_name(cast.second_unit),
        )  # fmt: skip
    with pytest.raises(Refused, match="更名日期有误"):
        renamed(cast, "县养老服务局", date(2022, 6, 5))


def test_of_two_who_rename_the_second_is_told_and_nobody_else_may(client, cast):
    seen = token_of_name(cast.unit)
    renamed(cast)
    with pytest.raises(StaleVersion):
        renamed(cast, "县养老服务局", seen=seen)
    client.force_login(cast.sysadmin)
    answer = press(client, cast.unit, name="县养老服务局", seen=seen)
    assert (answer.status_code, NEW in answer.text) == (409, True)
    with pytest.raises(NotAllowed):
        renamed(cast, "县养老服务局", actor=cast.office)
    abolish(unit=cast.second_unit, on=TODAY, document=DOCUMENT, actor=cast.sysadmin, today=TODAY)
    assert client.get(f"/units/{cast.second_unit.pk}/rename/").status_code == 409


def test_an_issue_is_found_by_either_name_and_its_row_is_not_touched(cast):
    closed = issue_in(cast, "closed")
    before = type(closed).objects.filter(pk=closed.pk).values().get()
    renamed(cast)
    for word in ("养老", "县民政局", "mz"):
        assert issues_visible_to(cast.office).filter(found_by(word)).exists(), word
    assert not issues_visible_to(cast.office).filter(found_by("公安")).exists()
    assert type(closed).objects.filter(pk=closed.pk).values().get() == before


def test_a_table_that_writes_the_old_name_means_the_unit_and_says_so(cast):
    renamed(cast)
    finder = UnitFinder(cast.county, create_missing=True)
    assert [finder.exactly("县 民政局"), finder.owning("县民政局", {})] == [cast.unit, cast.unit]
    assert finder.notes == [f"“县民政局”已自 2022-06-08 起更名为“{NEW}”，按{NEW}读入。"]
    assert finder.made == []


def test_the_table_of_units_makes_no_second_unit_of_an_old_name(cast):
    renamed(cast)
    table = SheetTable([Row(2, {"单位名称": "县民政局"})], "单位.csv", [])
    result = import_units(path=table, region_name="青禾县", make_alike=True)
    assert [error.message for error in result.errors] == [f"已自 2022-06-08 起更名为“{NEW}”，请改用现在的名称"]
