"""A person who moved or left keeps nothing of the old post: pages, files, notices, jobs are judged at each request."""

from datetime import date, datetime, time, timedelta

import pytest

from accounts.domain.memberships import capacity_in, end_memberships, grant_membership
from accounts.domain.people import disable_user
from accounts.enums import Role
from accounts.models import Membership, User
from accounts.scope import scope_of, scopes_of
from core import jobs
from evidence.domain.store import accept_photo
from issues.domain.lifecycle import perform
from issues.domain.queries import issues_visible_to, parties_of
from issues.domain.reminder_delivery import make_due_reminders
from issues.rules import sees
from notifications.models import Notice
from plans import rules as plan_rules
from plans.domain import lifecycle as plan_lifecycle
from plans.domain.queries import plans_visible_to
from plans.domain.rows import leaders_of
from plans.tests.planning import monthly_plan
from tests.access.world import photo
from tests.cast import NOON, covert_walk, issue_in, open_walk, reported_walk
from walks import rules as walk_rules
from walks.domain.covert_planning import covert_openings, readers_offered
from walks.domain.opening import clear
from walks.domain.queries import walks_visible_to
from walks.domain.start_options import Opening, leaders_to_walk, openings_for
from walks.models import Walk

pytestmark = pytest.mark.django_db


def move(user, department, role=Role.LIAISON) -> None:
    """To another unit: the old memberships are ended."""
    end_memberships(memberships=Membership.objects.filter(user=user).select_related("user"), actor=None)
    grant_membership(user=user, department=department, role=role)


def statuses(client, user, *urls) -> list[int]:
    client.force_login(user)
    return [client.get(url).status_code for url in urls]


def test_a_walker_who_moved_sees_neither_the_walk_nor_its_problem_nor_its_photo(client, cast, own_files):
    open_one = open_walk(cast, problems=1)
    reported, [issue] = reported_walk(cast)
    file = accept_photo(upload=photo(), actor=cast.principal)
    perform(
        issue=issue,
        action="fix_on_spot",
        actor=cast.principal,
        data={"measures": "已更换", "done_on": issue.found_on, "result": "已改好", "files": [file]},
    )
    urls = (f"/walks/{open_one.pk}/", f"/walks/{reported.pk}/", f"/issues/{issue.number}/", f"/files/{file.pk}/")
    assert statuses(client, cast.principal, *urls) == [200] * 4
    move(cast.principal, cast.second_unit, Role.PRINCIPAL)
    assert statuses(client, cast.principal, *urls) == [404] * 4


def test_a_job_and_its_file_are_gone_with_the_role_they_were_made_under(client, cast, settings, tmp_path):
    settings.JOBS_ROOT = tmp_path
    rights = scope_of(cast.office).fingerprint
    job = jobs.enqueue(kind="k", label="导出台账", owner=cast.office, params={}, send=lambda pk: None, rights=rights)
    claimed = jobs.claim(job.pk)
    name, sha = jobs.write_file(claimed, lambda out: out.write(b"x"))
    jobs.finish(claimed, file=("台账.xlsx", name, sha))
    urls = (f"/jobs/{job.pk}/", f"/jobs/{job.pk}/status/", f"/jobs/{job.pk}/file/")
    assert statuses(client, cast.office, *urls) == [200] * 3
    move(cast.office, cast.second_unit)
    assert statuses(client, cast.office, *urls) == [404] * 3
    assert client.get("/api/v1/jobs/").json()["results"] == []


def test_notices_of_an_earlier_post_are_not_shown_and_new_ones_not_made(client, cast):
    issue = issue_in(cast, "assigned")
    told = Notice.objects.filter(recipient=cast.second_liaison, kind="issue.assign")
    client.force_login(cast.second_liaison)
    assert issue.number in client.get("/notices/").text
    assert told.get().right == scope_of(cast.second_liaison).rights[0]
    move(cast.second_liaison, cast.lead_unit)
    answer = client.get("/notices/")
    assert issue.number not in answer.text
    assert answer.context["chrome"]["unread"] == 0
    assert client.post("/notices/read/", {"id": told.get().public_id}).url == "/notices/"


def test_the_responsible_person_who_moved_is_not_told_of_the_return(cast):
    issue = issue_in(cast, "closing")
    move(cast.responsible, cast.second_unit)
    perform(issue=issue, action="return_closing", actor=cast.lead, data={"note": "请补照片"})
    told = Notice.objects.filter(kind="issue.return_closing").values_list("recipient", flat=True)
    assert set(told) == {cast.liaison.pk}


def test_scopes_of_many_people_are_those_of_each(cast, django_assert_num_queries):
    people = [*cast.people.values()]
    with django_assert_num_queries(2):
        found = scopes_of(person.pk for person in people)
    for person in people:
        expected = scope_of(person)
        got = found[person.pk]
        assert (got.roles, got.read_regions, got.units) == (expected.roles, expected.read_regions, expected.units)


def sees_by_row(scope, issue) -> bool:
    return sees(scope, parties_of(issue))


def test_who_may_open_is_said_alike_of_rows_and_of_one_record(cast):
    """For every person, issue, walk and plan: the rule in Python that notices ask equals the rows of the pages."""
    issues = [issue_in(cast, state) for state in ("assigned", "planning")]
    issues[1].cooperating.add(cast.second_unit)
    walks = [open_walk(cast), covert_walk(cast), *Walk.objects.filter(reported_at__isnull=False)]
    plan = plan_lifecycle.perform(plan=monthly_plan(cast), action="submit", actor=cast.liaison, now=NOON)
    scopes = scopes_of(person.pk for person in cast.people.values())
    for person in cast.people.values():
        scope, names = scopes[person.pk], person.username
        for issue in issues:
            assert sees_by_row(scope, issue) == issues_visible_to(person).filter(pk=issue.pk).exists(), names
        assert plan_rules.sees(scope, plan) == plans_visible_to(person).filter(pk=plan.pk).exists(), names
        for walk in walks:
            named = walk.clearances.filter(user=person).exists()
            said = walk_rules.sees(scope, walk, also_received=frozenset(), is_named=named)
            assert said == walks_visible_to(person).filter(pk=walk.pk).exists(), names


def test_a_covert_walk_is_unknown_to_a_reader_who_moved(client, cast):
    walk = covert_walk(cast)
    clear(walk=walk, user_ids=[cast.deputy.pk], actor=cast.principal)
    url = f"/walks/{walk.pk}/"
    assert statuses(client, cast.deputy, url) == [200]
    move(cast.deputy, cast.second_unit, Role.DEPUTY)
    assert statuses(client, cast.deputy, url) == [404]


def test_a_duty_nobody_holds_falls_to_the_liaison_and_is_shown_to_the_office(client, cast):
    issue = issue_in(cast, "rectifying")
    client.force_login(cast.office)
    assert "无人负责" not in client.get("/").text
    move(cast.responsible, cast.second_unit)
    home = client.get("/")
    group = next(group for group in home.context["groups"] if group["title"] == "问题无人负责")
    assert (group["total"], group["rows"][0]["title"]) == (1, issue.description)
    assert issue.number in client.get(group["url"]).text
    page = client.get(f"/issues/{issue.number}/").text
    assert "责任人测试responsible现无县民政局的角色，暂由该单位联络员办理" in page
    make_due_reminders(datetime.combine(issue.due_on, time(10), NOON.tzinfo))
    told = Notice.objects.filter(kind__startswith="reminder").values_list("recipient", flat=True)
    assert set(told) == {cast.liaison.pk}
    client.force_login(cast.supervisor)
    assert "无人负责" not in client.get("/issues/").text


def test_a_unit_without_anybody_is_shown_too_and_the_office_is_reminded(client, cast):
    issue = issue_in(cast, "rectifying")
    for persona in ("principal", "deputy", "liaison", "responsible"):
        disable_user(user=cast.people[persona], actor=cast.secadmin)
    client.force_login(cast.office)
    assert "县民政局没有可以办理的人员" in client.get(f"/issues/{issue.number}/").text
    make_due_reminders(datetime.combine(issue.due_on, time(10), NOON.tzinfo))
    told = Notice.objects.filter(kind__startswith="reminder").values_list("recipient", flat=True)
    assert set(told) == {cast.office.pk, cast.office_second.pk}


def label(user) -> str:
    user.refresh_from_db()
    return user.label


def test_people_of_one_name_are_told_apart_wherever_they_are_shown(client, cast):
    """By 职务, else by unit, else by user name; a namesake in another county says nothing here."""
    issue = issue_in(cast, "planning")
    first, second, third, far = (User.objects.create(username=f"zs{n}", name="张三") for n in range(4))
    grant_membership(user=first, department=cast.unit, role=Role.RESPONSIBLE, title="科长")
    grant_membership(user=far, department=cast.namesake_unit, role=Role.LIAISON, title="科长")
    assert (label(first), label(far)) == ("张三", "张三")
    grant_membership(user=second, department=cast.unit, role=Role.RESPONSIBLE, title="主任")
    assert (label(first), label(second), label(far)) == ("张三（科长）", "张三（主任）", "张三")
    client.force_login(cast.liaison)
    page = client.get(f"/issues/{issue.number}/plan/").text
    assert "张三（科长）" in page
    assert "张三（主任）" in page
    data = {"responsible_person": second, "measures": "1.修订", "due_on": date(2022, 6, 28)}
    perform(issue=issue, action="plan", actor=cast.liaison, data=data)
    assert issue.responsible_name == "张三（主任）"
    grant_membership(user=third, department=cast.second_unit, role=Role.DEPUTY, title="科长")
    assert (label(first), label(third)) == ("张三（县民政局科长）", "张三（县公安局科长）")
    move(third, cast.unit, Role.DEPUTY)
    assert label(first) == "张三（科长）"


def expired(user) -> None:
    """The last day of every role of this person was yesterday; nothing has taken the rows away yet."""
    Membership.objects.filter(user=user).update(until=NOON.date() - timedelta(days=1))
    user.__dict__.pop("_scope", None)


def test_a_clearance_counts_no_more_after_the_last_day_of_the_role(client, cast):
    walk = covert_walk(cast)
    clear(walk=walk, user_ids=[cast.deputy.pk], actor=cast.principal)
    url = f"/walks/{walk.pk}/"
    assert statuses(client, cast.deputy, url) == [200]
    expired(cast.deputy)
    assert statuses(client, cast.deputy, url) == [404]
    assert not walks_visible_to(cast.deputy).exists()


def test_a_duty_is_nobodys_after_the_last_day_of_the_role(client, cast):
    issue = issue_in(cast, "rectifying")
    expired(cast.responsible)
    client.force_login(cast.office)
    assert "责任人测试responsible现无县民政局的角色" in client.get(f"/issues/{issue.number}/").text
    assert "问题无人负责" in client.get("/").text


def test_nobody_walks_or_is_named_after_the_last_day_of_the_role(client, cast):
    client.force_login(cast.liaison)
    assert [one.user for one in leaders_to_walk(openings_for(cast.liaison, today=NOON.date()))] == [
        cast.principal,
        cast.deputy,
    ]
    expired(cast.deputy)
    expired(cast.principal)
    expired(cast.office_second)
    here = [Opening(cast.campaign, cast.unit, True)]
    assert leaders_to_walk(openings_for(cast.liaison, today=NOON.date())) == []
    assert leaders_of(cast.unit.pk) == []
    assert covert_openings(cast.principal, today=NOON.date()) == []
    assert capacity_in(user_id=cast.principal.pk, department_id=cast.unit.pk) == ""
    assert {one.user_id for one in readers_offered(cast.principal, here)} == {
        cast.liaison.pk,
        cast.lead.pk,
        cast.office.pk,
    }
