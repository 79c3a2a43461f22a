"""离任交接: roles and duties of a leaver go over in one press, with the list of what went."""

from functools import partial

import pytest

from accounts.domain.memberships import grant_membership
from accounts.domain.people import disable_user
from accounts.models import HandOver, Membership, User
from core.exceptions import NotAllowed, Refused
from core.idempotency import new_key
from core.models import AuditEntry
from home.domain.handing_over import hand_over, held_by
from issues.models import IssueEvent
from notifications.domain.leavers import close_unopenable
from notifications.models import Notice
from plans.domain import lifecycle as plan_lifecycle
from plans.models import PlanRow
from plans.tests.planning import monthly_plan
from tests.cast import NOON, PASSWORD, covert_walk, issue_in
from tests.race import at_once
from walks.models import Walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def heir(cast) -> User:
    return User.objects.create(username="heir", name="李四", phone="13900002222")


def browser(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def press(client, cast, leaver, **data):
    sent = {"department": cast.unit.pk, "successor": "heir", "reason": "任免通知", "password": PASSWORD}
    sent |= {"idempotency_key": new_key(), **data}
    return browser(client, cast.secadmin).post(f"/people/{leaver.pk}/handover/", sent)


def test_roles_and_issues_go_over_with_a_line_of_history_and_a_list(client, cast, heir):
    issue = issue_in(cast, "rectifying")
    page = browser(client, cast.secadmin).get(f"/people/{cast.responsible.pk}/handover/").text
    assert "1 件负责整改的问题" in page
    assert issue.number not in page, "an administrator reads no business record"
    key, version = new_key(), issue.version
    for _ in range(2):
        assert press(client, cast, cast.responsible, idempotency_key=key).status_code == 302
    assert set(Membership.objects.filter(user__in=[heir, cast.responsible]).values_list("user", "role")) == {
        (heir.pk, "responsible")
    }
    issue.refresh_from_db()
    assert (issue.responsible_person, issue.responsible_name, issue.contact_phone) == (heir, "李四", "13900002222")
    assert (issue.state, issue.version, "李四" in issue.search_text) == ("rectifying", version + 1, True)
    event = IssueEvent.objects.get(issue=issue, kind="hand_over")
    assert (event.version, event.responsible_name, event.actor) == (issue.version, "李四", cast.secadmin)
    made = HandOver.objects.get()
    assert made.moved == {"issues": [issue.number]}
    told = set(Notice.objects.filter(kind="handover.made").values_list("recipient__username", flat=True))
    assert told == {"heir", "principal", "liaison", "office", "office_second"}
    for reader in (heir, cast.office):
        assert issue.number in browser(client, reader).get(f"/handovers/{made.public_id}/").text
    assert AuditEntry.objects.get(action="user.handed_over").detail["rows"] == "1 件负责整改的问题"
    assert "离任交接" in browser(client, cast.office).get(f"/issues/{issue.number}/").text


def test_rows_of_plans_go_to_a_principal_and_a_covert_walk_to_nobody(cast, heir):
    plan = plan_lifecycle.perform(plan=monthly_plan(cast), action="submit", actor=cast.liaison, now=NOON)
    plan = plan_lifecycle.perform(plan=plan, action="file", actor=cast.lead, now=NOON)
    covert = covert_walk(cast)
    own = PlanRow.objects.filter(plan=plan, walker=cast.principal).count()
    assert own
    hand_over(leaver=cast.principal, successor=heir, department_id=cast.unit.pk, reason="任免", actor=cast.secadmin)
    assert PlanRow.objects.filter(plan=plan, walker=heir).count() == own
    plan.refresh_from_db()
    assert plan.events.get(kind="handed_over").actor == cast.secadmin
    assert Walk.objects.get(pk=covert.pk).walker == cast.principal
    assert not covert.clearances.filter(user=heir).exists()


def test_a_covert_walk_changes_no_count_that_an_administrator_reads(cast):
    before = held_by(cast.principal)
    covert_walk(cast)
    assert held_by(cast.principal) == before


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"successor": "responsible"}, "接任人不能是本人"),
        ({"successor": "nobody"}, "没有这个用户名"),
        ({"successor": "disabled"}, "已停用，或是三员"),
        ({"successor": "auditor"}, "已停用，或是三员"),
        ({"department": 0}, "已没有角色"),
        ({"reason": ""}, "请写明原因"),
        ({"password": "nein"}, "密码不正确"),
    ],
)
def test_what_is_refused_moves_nothing(client, cast, heir, sent, word):
    issue = issue_in(cast, "rectifying")
    answer = press(client, cast, cast.responsible, **sent)
    assert (answer.status_code, word in answer.text) == (400, True)
    issue.refresh_from_db()
    assert (issue.responsible_person, HandOver.objects.count()) == (cast.responsible, 0)


def test_nobody_but_the_security_administrator_hands_over_and_not_twice(cast, heir):
    given = {"leaver": cast.responsible, "successor": heir, "department_id": cast.unit.pk, "reason": "任免"}
    for persona in ("sysadmin", "office", "principal"):
        with pytest.raises(NotAllowed):
            hand_over(**given, actor=cast.people[persona])
    hand_over(**given, actor=cast.secadmin)
    with pytest.raises(Refused, match="已没有角色"):
        hand_over(**given, actor=cast.secadmin)


def test_notices_of_who_left_close_and_stay_closed_when_the_right_comes_back(cast):
    issue_in(cast, "assigned")
    [notice] = Notice.objects.filter(recipient=cast.second_liaison, kind="issue.assign")
    assert close_unopenable() == 0
    held = Membership.objects.get(user=cast.second_liaison)
    held.delete()
    assert (close_unopenable(), close_unopenable()) == (1, 0)
    grant_membership(user=cast.second_liaison, department=held.department, role=held.role)
    notice.refresh_from_db()
    assert notice.closed_at is not None


def test_every_open_notice_of_a_disabled_account_closes(cast):
    issue_in(cast, "assigned")
    disable_user(user=cast.second_liaison, actor=cast.sysadmin)
    close_unopenable([cast.second_liaison.pk])
    assert not Notice.objects.filter(recipient=cast.second_liaison, closed_at=None).exists()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_who_hand_over_at_once_one_does(cast, heir):
    given = {"leaver": cast.liaison, "department_id": cast.unit.pk, "reason": "任免通知", "actor": cast.secadmin}
    ends = at_once(*(partial(hand_over, successor=one, **given) for one in (heir, cast.deputy)))
    assert [type(end) for end in ends if end is not None] == [Refused]
    assert Membership.objects.filter(user__in=(heir, cast.deputy), role="liaison").count() == 1
