"""The pages of 机构变动: what is shown before, the press, what is refused, the list and one change."""

import re
from uuid import uuid4

import pytest

from accounts.models import Department, RoleRequest, UnitChange
from campaigns.models import RosterEntry
from catalogue.models import ServiceItem
from core.exceptions import NotAllowed, StaleVersion
from home.domain.unit_changes import preview_of
from home.tests.changing import DOCUMENT, NEW, TODAY, asked, change
from issues.models import Issue, IssueEvent
from tests.cast import NOON, PASSWORD, covert_walk, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON), pytest.mark.both_databases]


def page_of(client, cast, unit=None, kind="merge", **data):
    client.force_login(cast.sysadmin)
    given = {"into": NEW, "on": str(TODAY), "document": DOCUMENT} | data
    return client.get(f"/units/{(unit or cast.unit).pk}/{kind}/", given)


def press(client, cast, unit=None, kind="merge", **data):
    given = {"into": NEW, "on": str(TODAY), "document": DOCUMENT} | data
    shown = page_of(client, cast, unit, kind, **given).context["form"]
    given = {
        "seen": shown["seen"].value() if shown else "",
        "idempotency_key": uuid4().hex,
        "password": PASSWORD,
    } | given
    return client.post(f"/units/{(unit or cast.unit).pk}/{kind}/", given)


def test_the_preview_counts_and_names_no_record_and_tells_of_no_covert_walk(client, cast):
    open_one, closed = issue_in(cast, "rectifying"), issue_in(cast, "closed")
    page = page_of(client, cast).text
    for said in ("未销号的责任问题 1 件", "已销号的问题 1 件", "活动名单 1 项", "4 人的角色", "已签字报送的体验 2 次"):
        assert said in page
    assert not {open_one.number, closed.number} & set(re.findall(r"QH2022-\d+", page))
    token = preview_of(asked(cast.unit), cast.sysadmin, today=TODAY)
    covert_walk(cast)
    assert preview_of(asked(cast.unit), cast.sysadmin, today=TODAY) == token
    assert IssueEvent.objects.filter(kind="unit_changed").count() == UnitChange.objects.count() == 0


def test_the_page_carries_it_out_once_and_the_list_and_the_page_of_it_tell(client, cast):
    issue = issue_in(cast, "rectifying")
    shown = page_of(client, cast).context["form"]
    sent = {"idempotency_key": "k1", "seen": shown["seen"].value(), "password": PASSWORD}
    sent |= {"into": NEW, "on": str(TODAY), "document": DOCUMENT}
    answers = [client.post(f"/units/{cast.unit.pk}/merge/", sent) for _ in range(2)]
    made = UnitChange.objects.get()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == f"/units/changes/{made.public_id}/"
    assert "未销号的责任问题 1 件" in client.get(answers[0].url).text
    assert issue.number not in client.get(answers[0].url).text, "an administrator reads no business record"
    assert NEW in client.get("/units/changes/", {"kind": "merged"}).text
    assert not client.get("/units/changes/", {"kind": "split"}).context["page"].rows
    assert client.get("/units/changes/export/").status_code == 200
    assert f"由{NEW}承接" in client.get("/units/", {"q": "县民政局"}).text
    client.force_login(cast.office)
    assert issue.number in client.get(answers[0].url).text
    history = client.get(f"/issues/{issue.number}/").text
    assert ("机构变动" in history, f"责任单位由县民政局改为{NEW}" in history) == (True, True)


def test_a_split_gives_each_matter_to_the_unit_chosen_for_its_item_and_the_first_the_rest(client, cast):
    other = ServiceItem.objects.create(department=cast.unit, name="养老机构备案")
    first = issue_in(cast, "rectifying")
    second = Issue.objects.create(
        number="QH2022-90000", campaign=cast.campaign, region=cast.county, item=other, state="planning",
        source="hotline", discovering_department=cast.office_unit, responsible_department=cast.unit,
        lead_department=cast.lead_unit, description="热线反映", found_on=TODAY, period="2022-06",
    )  # fmt: skip
    answer = press(
        client, cast, kind="split", into="县民政事务局\n县养老服务局",
        **{f"item_{other.pk}": "1", f"item_{cast.item.pk}": "0", f"person_{cast.liaison.pk}": "1"},
        **{f"person_{cast.people[one].pk}": "0" for one in ("principal", "deputy", "responsible")},
    )  # fmt: skip
    assert answer.status_code == 302
    units = {unit.name: unit for unit in Department.objects.filter(name__in=("县民政事务局", "县养老服务局"))}
    given = dict(Issue.objects.values_list("number", "responsible_department__name"))
    assert given == {first.number: "县民政事务局", second.number: "县养老服务局"}
    assert ServiceItem.objects.get(pk=other.pk).department == units["县养老服务局"]
    assert RoleRequest.objects.get(user=cast.liaison).department == units["县养老服务局"]
    assert Department.objects.get(pk=cast.unit.pk).succeeded_by == units["县民政事务局"]
    assert RosterEntry.objects.filter(department__in=units.values(), joined_on=TODAY).count() == 2


@pytest.mark.parametrize(
    ("kind", "sent", "word"),
    [
        ("merge", {"on": "2022-06-09"}, "不能晚于今天（2022-06-08）"),
        ("merge", {"into": "县民政局"}, "县民政局在本次变动中撤销"),
        ("merge", {"document": ""}, "请写明依据的文件"),
        ("merge", {"others": "999999"}, "已不在用"),
        ("split", {"into": "县民政事务局"}, "请写两个以上不同的单位"),
        ("split", {"into": "县养老服务局\n县养老服务局"}, "请写两个以上不同的单位"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, cast, kind, sent, word):
    answer = page_of(client, cast, kind=kind, **sent)
    assert (answer.status_code, word in answer.text, answer.context["form"]) == (400, True, None)


def test_nobody_else_changes_units_and_what_came_meanwhile_is_shown_first(client, cast):
    for persona in ("secadmin", "office", "principal"):
        with pytest.raises(NotAllowed):
            preview_of(asked(cast.unit), cast.people[persona], today=TODAY)
    shown = page_of(client, cast).context["form"]["seen"].value()
    issue_in(cast, "rectifying")
    with pytest.raises(StaleVersion):
        change(cast, asked(cast.unit), seen=shown)
    answer = press(client, cast, seen=shown)
    assert (answer.status_code, "未销号的责任问题 1 件" in answer.text) == (409, True)
    assert (UnitChange.objects.count(), Department.objects.filter(name=NEW).count()) == (0, 0)
    assert press(client, cast, password="falsch").status_code == 400
    assert press(client, cast).status_code == 302
    late = client.get(f"/units/{cast.unit.pk}/merge/")
    assert (late.status_code, f"县民政局已并入{NEW}，由您在另一处于" in late.text) == (409, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_preview_cost_the_same_for_one_row_and_three(client, cast, rows, django_assert_num_queries):
    for number in range(rows):
        issue_in(cast, "registered")
        made = UnitChange.objects.create(
            kind="renamed", region=cast.county, before=[f"甲{number}"], after=["乙"], effective_on=TODAY,
            document=DOCUMENT, made_by=cast.sysadmin, made_at=NOON,
        )  # fmt: skip
        made.units.add(cast.unit)
    client.force_login(cast.sysadmin)
    client.get("/units/changes/")
    with django_assert_num_queries(5):
        assert len(client.get("/units/changes/").context["page"].rows) == rows
    with django_assert_num_queries(42):
        page_of(client, cast)
