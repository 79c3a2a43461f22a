"""等我办: what each person finds first, and that every count is the length of the list it opens."""

from datetime import date, timedelta

import pytest
import time_machine

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from accounts.models import RoleRequest, User
from catalogue.models import ServiceItem
from core.calendar import official_calendar
from core.idempotency import new_key
from issues.domain import intake, lifecycle
from issues.models import Issue
from tests.cast import AUTUMN, NOON, cast_after, issue_in, open_walk, reported_walk
from walks.domain import lifecycle as walk_lifecycle

pytestmark = [pytest.mark.django_db, pytest.mark.clock]
STATES = ("registered", "assigned", "disputed", "planning", "rectifying", "closing", "closed")


def home(client, user):
    client.force_login(user)
    return client.get("/")


def titles(answer):
    return [group["title"] for group in answer.context["groups"]]


def recorded(cast):
    walk = open_walk(cast)
    walk_lifecycle.write_facts(walk=walk, actor=walk.walker, facts={"zero_explained": "顺畅"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    return walk


@pytest.fixture
def busy(db, clock):
    """The cast with walks that wait for everybody, issues in every state, one problem for another unit."""
    return cast_after("busy county", make_busy)


def make_busy(cast):
    open_walk(cast)
    recorded(cast)
    intake.sign_walk(walk=recorded(cast), actor=cast.principal, now=NOON)
    for state in STATES:
        issue_in(cast, state)
    reported_walk(cast, proposed=cast.second_unit)


def test_a_head_finds_items_and_modes_first_and_opens_a_walk_from_here(client, cast):
    answer = home(client, cast.principal)
    text = answer.text
    assert text.index('name="item"') < text.index('id="todo"')
    for mode in ("亲身办", "代理办", "陪同办", "线上办"):
        assert mode in text
    form = answer.context["start"]
    opened = client.post(
        "/walks/start/",
        {"item": cast.item.pk, "mode": "accompany", "place": form["place"].value() or "", "idempotency_key": new_key()},
    )
    assert opened.status_code == 302
    assert "进行中的体验" in titles(home(client, cast.principal))


def test_only_leaders_find_the_start_on_this_page(client, cast):
    assert 'name="item"' in home(client, cast.deputy).text
    for persona in ("liaison", "responsible", "lead", "office", "supervisor"):
        assert 'name="item"' not in home(client, cast.people[persona]).text


def test_a_unit_in_no_running_campaign_is_told_whom_to_ask(client, cast):
    cast.campaign.roster.filter(department=cast.unit).delete()
    text = home(client, cast.principal).text
    assert "请与统筹办联系" in text
    assert 'name="mode"' not in text


def test_the_principal_finds_what_is_to_be_signed_first(client, busy):
    assert titles(home(client, busy.principal))[:2] == ["体验待签字", "进行中的体验"]
    assert "体验待签字" not in titles(home(client, busy.deputy))


def test_each_role_finds_its_own_groups(client, busy):
    expected = {
        "liaison": ["进行中的体验", "体验待报送", "问题待定措施", "问题整改中", "新登记，待自行整改"],
        "responsible": ["问题待定措施", "问题整改中"],
        "second_liaison": ["问题待签收"],
        "lead": ["体验待接收", "问题待交办", "退单待裁定", "问题待验收销号"],
        "office": ["问题待交办", "退单待裁定", "问题待验收销号", "参与单位缺少人员"],
        "office_city": [],
        "namesake": [],
    }
    assert {persona: titles(home(client, busy.people[persona])) for persona in expected} == expected


def test_a_supervisor_begins_with_the_overview_of_the_newest_campaign(client, cast):
    assert home(client, cast.supervisor)["Location"] == "/campaigns/QH2022/overview/"
    elsewhere = User.objects.create(username="elsewhere", name="测试elsewhere")
    grant_membership(user=elsewhere, department=cast.namesake_unit, role=Role.SUPERVISOR)
    assert home(client, elsewhere).status_code == 200


PERSONAS = (
    "principal",
    "deputy",
    "liaison",
    "responsible",
    "second_liaison",
    "lead",
    "office",
    "office_city",
)


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_count_is_the_length_of_the_list_it_opens(client, busy, persona):
    answer = home(client, busy.people[persona])
    groups = answer.context["groups"]
    # A group without a list to open shows every row.
    assert all(group["url"] or len(group["rows"]) == group["total"] for group in groups)
    counted = [(group["title"], group["total"], group["url"]) for group in groups if group["url"]]
    counted += [(figure["label"], figure["value"], figure["url"]) for figure in answer.context["figures"]]
    assert counted
    for title, total, url in counted:
        assert client.get(url).context["page"].total == total, title


@pytest.mark.parametrize("persona", ["principal", "liaison", "responsible", "second_liaison", "lead", "office"])
def test_every_issue_listed_here_offers_this_person_an_action(client, busy, persona):
    groups = home(client, busy.people[persona]).context["groups"]
    numbers = [row["url"].split("/")[-2] for group in groups for row in group["rows"] if "/issues/" in row["url"]]
    assert numbers
    for number in numbers:
        assert lifecycle.available(busy.people[persona], Issue.objects.get(number=number)), number


@pytest.mark.clock(AUTUMN)
def test_a_group_shows_three_rows_those_due_first_and_says_how_many_are_late(client, cast):
    for day in (28, 20, 24, 22):
        issue = issue_in(cast, "rectifying")
        Issue.objects.filter(pk=issue.pk).update(due_on=date(2022, 6, day))
    [group] = home(client, cast.responsible).context["groups"]
    assert (group["total"], group["overdue"], len(group["rows"])) == (4, 4, 3)
    # Working days, as everywhere, with the date beside them.
    assert [row["look"][1] for row in group["rows"]] == [f"逾期 {days} 个工作日" for days in (53, 51, 49)]
    assert group["rows"][0]["meta"].endswith("时限 2022-06-20")


def test_the_administrators_find_their_own_page_and_no_business_data(client, busy):
    for persona, link in (("sysadmin", "/people/"), ("secadmin", "/people/"), ("auditor", "/audit/")):
        text = home(client, busy.people[persona]).text
        assert f'href="{link}"' in text
        for hidden in ("结婚登记", "QH2022", "县民政局", 'name="item"', 'class="stat'):
            assert hidden not in text, (persona, hidden)


def test_an_idle_person_is_told_that_nothing_waits(client, cast):
    assert "没有等您办的事项" in home(client, cast.second_liaison).text


def test_a_person_without_a_role_is_told_whom_to_ask(client, cast):
    cast.responsible.memberships.all().delete()
    assert "还没有分配角色" in home(client, cast.responsible).text
    RoleRequest.objects.create(user=cast.responsible, department=cast.unit, role="liaison")
    assert "县民政局联络员。授予后即可办理。" in home(client, cast.responsible).text


@pytest.fixture
def waiting(db, clock, rows):
    def act(cast):
        for number in range(rows):
            ServiceItem.objects.create(department=cast.unit, name=f"事项{number}")
            open_walk(cast)
            for state in ("registered", "rectifying", "closing"):
                issue_in(cast, state)

    return cast_after(f"{rows} waiting", act)


@pytest.mark.parametrize(("persona", "queries"), [("principal", 15), ("liaison", 19), ("lead", 8), ("office", 26)])
@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_whatever_waits(client, waiting, persona, queries, django_assert_num_queries):
    home(client, waiting.people[persona])
    with django_assert_num_queries(queries):
        client.get("/")


LAST = max(official_calendar().known_years)
NOVEMBER = NOON.replace(year=LAST, month=11, day=1)
UNTOLD = f"{LAST + 1} 年放假安排尚未录入，按工作日推算的该年期限"


@pytest.mark.parametrize(
    ("persona", "told"), [("office", True), ("sysadmin", True), ("lead", False), ("auditor", False)]
)
def test_from_the_first_of_november_whoever_can_see_to_it_is_told_of_the_missing_year(client, cast, persona, told):
    with time_machine.travel(NOVEMBER - timedelta(days=1), tick=False):
        assert UNTOLD not in home(client, cast.people[persona]).text
    with time_machine.travel(NOVEMBER, tick=False):
        assert (UNTOLD in home(client, cast.people[persona]).text) is told


def test_the_missing_year_costs_one_query_from_november_and_none_before(client, cast, django_assert_num_queries):
    for moment, queries in ((NOVEMBER - timedelta(days=1), 26), (NOVEMBER, 27)):
        with time_machine.travel(moment, tick=False):
            home(client, cast.office)
            with django_assert_num_queries(queries):
                client.get("/")
