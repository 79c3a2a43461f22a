"""Mutation tests of accounts, roles and hand-overs: as ``test_guard_mutations``, with proofs of their own."""

from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from axes.models import AccessAttempt
from django.db import DatabaseError, transaction

from accounts.domain import first_start
from accounts.domain.duties import hand_overs_visible_to
from accounts.domain.locks import unlock
from accounts.domain.new_account import NewAccount, create_account
from accounts.domain.passwords import reset_to_one_time, token_of_password
from accounts.domain.people import disable_user
from accounts.domain.person_edit import edit_person, token_of_person
from accounts.domain.places import change_place, token_of_place
from accounts.domain.role_requests import Term, grant, token_of_roles
from accounts.models import HandOver, Membership, Region, User
from accounts.scope import scope_of
from core.exceptions import Conflict, NotAllowed, Refused
from home.domain.handing_over import hand_over
from issues.domain.unheld import unheld_words
from notifications.domain.leavers import close_unopenable
from notifications.models import Notice
from tests.cast import NOON, covert_walk, issue_in
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten
from tests.faults.proofs import browser
from walks.domain.opening import clear
from walks.domain.queries import walks_visible_to

pytestmark = [pytest.mark.django_db, pytest.mark.clock]
HERE = "tests.faults.test_people_mutations"


def a_role_gives_no_right_after_its_last_day(cast):
    Membership.objects.filter(user=cast.liaison).update(until=NOON.date() - timedelta(days=1))
    assert scope_of(User.objects.get(pk=cast.liaison.pk)).roles == frozenset()


def a_clearance_counts_no_more_after_the_last_day_of_the_role(cast):
    walk = covert_walk(cast)
    clear(walk=walk, user_ids=[cast.deputy.pk], actor=cast.principal)
    Membership.objects.filter(user=cast.deputy).update(until=NOON.date() - timedelta(days=1))
    assert not walks_visible_to(User.objects.get(pk=cast.deputy.pk)).exists()


def no_slow_page_tells_of_a_covert_walk(cast):
    with patch("core.slow_pages.SLOW_SECONDS", 0.0), patch("core.slow_pages.note") as noted:
        assert browser(cast.principal).get("/walks/covert/add/").status_code == 200
    assert not noted.called


def a_duty_is_nobodys_after_the_last_day_of_the_role(cast):
    issue = issue_in(cast, "rectifying")
    Membership.objects.filter(user=cast.responsible).update(until=NOON.date() - timedelta(days=1))
    assert unheld_words(issue)


def a_role_to_come_gives_no_right_yet(cast):
    term = Term(NOON.date() + timedelta(days=1))
    given = {"department": cast.second_unit, "role": "deputy", "title": "", "reason": "任职", "actor": cast.secadmin}
    grant(user=cast.liaison, term=term, **given)
    assert not Membership.objects.filter(user=cast.liaison, role="deputy").exists()


def nobody_else_grants(cast):
    given = {"department": cast.unit, "role": "deputy", "title": "", "reason": "任职"}
    with pytest.raises(NotAllowed):
        grant(user=cast.liaison, actor=cast.sysadmin, **given)


def nobody_else_makes_an_account(cast):
    with pytest.raises(NotAllowed):
        create_account(wanted=NewAccount("甲", "", ["liaison"], cast.unit), actor=cast.secadmin)


def a_one_time_password_ends(cast):
    password = reset_to_one_time(user=cast.liaison, actor=cast.sysadmin, reason="忘记")
    with time_machine.travel(NOON + timedelta(days=8), tick=False):
        answer = browser(cast.auditor).post("/login/", {"username": "liaison", "password": password})
    assert answer.status_code == 200


def a_password_reset_meanwhile_is_not_made_void(cast):
    seen = token_of_password(cast.liaison)
    reset_to_one_time(user=cast.liaison, actor=cast.sysadmin, reason="忘记", seen=seen)
    with pytest.raises(Conflict):
        reset_to_one_time(user=cast.liaison, actor=cast.sysadmin, reason="忘记", seen=seen)


def days_granted_meanwhile_are_not_overwritten(cast):
    given = {"user": cast.liaison, "department": cast.second_unit, "role": "deputy", "title": "", "reason": "任职"}
    given |= {"actor": cast.secadmin, "seen": token_of_roles(cast.liaison)}
    grant(term=Term(until=NOON.date()), **given)
    with pytest.raises(Conflict):
        grant(**given)


def edited(cast, name, **changes):
    given = {"user": cast.liaison, "phone": "", "titles": {}, "reason": "更正", "actor": cast.sysadmin}
    return edit_person(**given | {"seen": token_of_person(cast.liaison)} | changes, name=name)


def an_account_is_edited_as_it_was_shown(cast):
    seen = token_of_person(cast.liaison)
    edited(cast, "张三")
    with pytest.raises(Conflict):
        edited(cast, "李四", seen=seen)


def nobody_else_edits_an_account(cast):
    with pytest.raises(NotAllowed):
        edited(cast, "张三", actor=cast.secadmin)


def no_administrator_hands_out_the_password_of_another(cast):
    with pytest.raises(Refused):
        reset_to_one_time(user=cast.secadmin, actor=cast.sysadmin, reason="忘记")


def the_last_administrator_stays(cast):
    with pytest.raises(Refused):
        disable_user(user=cast.secadmin, actor=cast.sysadmin)


def nobody_else_unlocks(cast):
    AccessAttempt.objects.create(username="liaison", ip_address="10.0.0.1", failures_since_start=5)
    with pytest.raises(NotAllowed):
        unlock(user=cast.liaison, actor=cast.sysadmin, reason="输错")


def nobody_else_hands_over(cast):
    with pytest.raises(NotAllowed):
        hand_over(
            leaver=cast.liaison, successor=cast.deputy, department_id=cast.unit.pk, reason="任免", actor=cast.office
        )


def handed(cast) -> HandOver:
    given = {"leaver": cast.responsible, "successor": cast.deputy, "department_id": cast.unit.pk}
    return hand_over(**given, reason="任免", actor=cast.secadmin)


def a_hand_over_is_read_in_its_unit_and_above_alone(cast):
    made = handed(cast)
    assert made in hand_overs_visible_to(cast.office)
    assert made not in hand_overs_visible_to(cast.second_liaison)


def an_administrator_reads_counts_alone(cast):
    issue = issue_in(cast, "rectifying")
    page = browser(cast.secadmin).get(f"/people/{cast.responsible.pk}/handover/").text
    assert "1 件" in page
    assert issue.number not in page


def issues_of_another_unit_stay(cast):
    issue = issue_in(cast, "rectifying")
    type(issue).objects.filter(pk=issue.pk).update(responsible_department=cast.second_unit)
    assert handed(cast).moved == {}


def a_hand_over_stays_as_it_was_made(cast):
    made = handed(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        HandOver.objects.filter(pk=made.pk).update(reason="别的")


def notices_of_a_lost_right_close(cast):
    issue_in(cast, "assigned")
    Membership.objects.filter(user=cast.second_liaison).delete()
    close_unopenable()
    assert not Notice.objects.filter(recipient=cast.second_liaison, closed_at=None).exists()


def an_empty_system() -> None:
    Membership.objects.all().delete()
    User.objects.all().update(kind="staff")


def a_wrong_code_is_counted(cast):
    an_empty_system()
    code = first_start.new_code()
    assert not any(first_start.is_right("falsch") for _ in range(first_start.TRIES))
    assert not first_start.is_right(code)


def the_first_page_is_gone_with_the_first_administrator(cast):
    assert browser(cast.auditor).get("/start/").status_code == 404


def a_region_makes_no_ring(cast):
    seen = token_of_place(cast.city)
    with pytest.raises(Refused):
        change_place(region=cast.city, name="云岭市", level="city", parent=cast.county, seen=seen, actor=cast.sysadmin)


def a_region_is_changed_as_it_was_shown(cast):
    seen = token_of_place(cast.county)
    Region.objects.filter(pk=cast.county.pk).update(name="青禾区")
    with pytest.raises(Conflict):
        change_place(region=cast.county, name="青禾", level="county", parent=None, seen=seen, actor=cast.sysadmin)


def told_numbers(leaver):
    return [{"place": "", "duties": ["1 件", *leaver.issues_owned.values_list("number", flat=True)]}]


def anybody_decides() -> list:
    """Asked here and once more by the grant."""
    apps = ("home.domain.handing_over", "accounts.domain.role_requests")
    return [patch(f"{app}.may_decide_roles", lambda actor: True) for app in apps]


FAULTS = (
    Fault(a_role_gives_no_right_after_its_last_day, rewritten("accounts.scope._load", "in_force(), ")),
    Fault(
        a_clearance_counts_no_more_after_the_last_day_of_the_role,
        rewritten("walks.domain.covert.is_silent", "in_force(), "),
    ),
    Fault(
        no_slow_page_tells_of_a_covert_walk,
        rewritten("core.slow_pages.SlowPagesMiddleware.__call__", ' and not getattr(found.func, "is_unlisted", False)'),
    ),
    Fault(a_duty_is_nobodys_after_the_last_day_of_the_role, rewritten("issues.domain.unheld._workers", "in_force(), ")),
    Fault(
        a_role_to_come_gives_no_right_yet,
        rewritten(
            "accounts.domain.role_requests._settle_term", "if term.since is None or term.since <= today:", "if True:"
        ),
    ),
    Fault(nobody_else_grants, replaced("accounts.domain.role_requests.may_decide_roles", lambda actor: True)),
    Fault(nobody_else_makes_an_account, replaced("accounts.domain.new_account.may_keep_people", lambda actor: True)),
    Fault(a_one_time_password_ends, replaced("accounts.domain.passwords.is_expired", lambda user: False)),
    Fault(
        a_password_reset_meanwhile_is_not_made_void,
        rewritten(f"{HERE}.reset_to_one_time", "if seen is not None:", "if False:"),
    ),
    Fault(
        days_granted_meanwhile_are_not_overwritten,
        rewritten(f"{HERE}.grant", "if seen is not None:", "if False:"),
    ),
    Fault(
        an_account_is_edited_as_it_was_shown,
        replaced("accounts.domain.person_edit.require_unchanged", lambda **_: None),
    ),
    Fault(nobody_else_edits_an_account, replaced("accounts.domain.person_edit.may_keep_people", lambda user: True)),
    Fault(
        no_administrator_hands_out_the_password_of_another,
        rewritten(f"{HERE}.reset_to_one_time", "if user.kind != AccountKind.STAFF:", "if False:"),
    ),
    Fault(
        the_last_administrator_stays,
        rewritten(f"{HERE}.disable_user", "if user.kind != AccountKind.STAFF and ", "if False and "),
    ),
    Fault(nobody_else_unlocks, rewritten(f"{HERE}.unlock", "if not may_decide_roles(actor):", "if False:")),
    Fault(nobody_else_hands_over, anybody_decides),
    Fault(
        a_hand_over_is_read_in_its_unit_and_above_alone,
        replaced(f"{HERE}.hand_overs_visible_to", lambda user: HandOver.objects.all()),
    ),
    Fault(an_administrator_reads_counts_alone, replaced("home.views.handing_over.held_by", told_numbers)),
    Fault(
        issues_of_another_unit_stay,
        rewritten("issues.domain.handing_over._issues", ", responsible_department_id=department_id"),
    ),
    Fault(a_hand_over_stays_as_it_was_made, no_triggers("accounts_handover")),
    Fault(notices_of_a_lost_right_close, replaced(f"{HERE}.close_unopenable", lambda: 0)),
    Fault(a_wrong_code_is_counted, rewritten("accounts.domain.first_start.is_right", "row.tries >= TRIES or ")),
    Fault(the_first_page_is_gone_with_the_first_administrator, replaced("accounts.views.start.is_open", lambda: True)),
    Fault(a_region_makes_no_ring, rewritten(f"{HERE}.change_place", "if above == stored.pk:", "if False:")),
    Fault(a_region_is_changed_as_it_was_shown, replaced("accounts.domain.places.require_unchanged", lambda **_: None)),
)


class TestFaults(FaultTests):
    pass
