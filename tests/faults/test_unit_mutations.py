"""Mutation tests of units that are renamed, merged and split: as ``test_guard_mutations``, with proofs of their own."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.domain.abolition import restore
from accounts.domain.renaming import rename, token_of_name
from accounts.domain.unit_moves import unit_changes_visible_to
from accounts.models import Department, UnitChange, UnitName
from campaigns.domain.owed import roster_of
from core.exceptions import Conflict, NotAllowed, Refused
from home.domain.unit_changes import preview_of
from home.tests.changing import DOCUMENT, NEW, TODAY, asked, change, fresh, grant_all
from issues.domain.queries import issues_visible_to
from issues.domain.search import found_by
from issues.models import Issue, IssueEvent
from notifications.models import Notice
from tests.cast import covert_walk, issue_in, open_walk
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten
from walks.domain.queries import walks_visible_to

pytestmark = [pytest.mark.django_db, pytest.mark.clock]
HERE = "tests.faults.test_unit_mutations"


def renamed(cast, **changes) -> UnitChange:
    unit = Department.objects.get(pk=cast.unit.pk)
    given = {"unit": unit, "name": NEW, "on": TODAY, "document": DOCUMENT, "actor": cast.sysadmin}
    return rename(**given | {"seen": token_of_name(unit)} | changes)


def nobody_else_renames(cast):
    with pytest.raises(NotAllowed):
        renamed(cast, actor=cast.office)


def no_unit_is_renamed_ahead(cast):
    with pytest.raises(Refused):
        renamed(cast, on=TODAY + timedelta(days=1))


def of_two_who_rename_the_second_is_told(cast):
    seen = token_of_name(cast.unit)
    renamed(cast, on=TODAY - timedelta(days=1))
    with pytest.raises(Conflict):
        renamed(cast, name="县养老服务局", seen=seen)


def no_unit_takes_a_name_that_another_had(cast):
    renamed(cast)
    with pytest.raises(Refused):
        rename(
            unit=cast.second_unit, name="县民政局", on=TODAY, document=DOCUMENT, actor=cast.sysadmin,
            seen=token_of_name(cast.second_unit),
        )  # fmt: skip


def an_earlier_name_stays(cast):
    renamed(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        UnitName.objects.update(name="别的")


def an_old_issue_is_found_by_the_new_name(cast):
    issue_in(cast, "closed")
    renamed(cast)
    assert issues_visible_to(cast.office).filter(found_by("养老")).exists()


def nobody_else_merges(cast):
    with pytest.raises(NotAllowed):
        preview_of(asked(cast.unit), cast.office, today=TODAY)


def no_unit_ends_ahead(cast):
    with pytest.raises(Refused):
        preview_of(asked(cast.unit, on=TODAY + timedelta(days=1)), cast.sysadmin, today=TODAY)


def nothing_moves_that_was_not_shown(cast):
    seen = preview_of(asked(cast.unit), cast.sysadmin, today=TODAY).token
    issue_in(cast, "rectifying")
    with pytest.raises(Conflict):
        change(cast, asked(cast.unit), seen=seen)


def a_unit_ends_once(cast):
    what = asked(cast.unit)
    change(cast, what)
    with pytest.raises(Conflict):
        preview_of(what, cast.sysadmin, today=TODAY)


def no_unit_succeeds_itself(cast):
    with pytest.raises(Refused):
        preview_of(asked(cast.unit, into=("县民政局",)), cast.sysadmin, today=TODAY)


def the_preview_tells_of_no_covert_walk(cast):
    open_walk(cast)
    before = preview_of(asked(cast.unit), cast.sysadmin, today=TODAY)
    covert_walk(cast)
    assert preview_of(asked(cast.unit), cast.sysadmin, today=TODAY) == before


def what_is_struck_off_is_not_touched(cast):
    closed = issue_in(cast, "closed")
    before = Issue.objects.filter(pk=closed.pk).values().get()
    change(cast, asked(cast.unit))
    assert Issue.objects.filter(pk=closed.pk).values().get() == before


def an_issue_says_that_its_unit_changed(cast):
    issue = issue_in(cast, "rectifying")
    change(cast, asked(cast.unit))
    note = IssueEvent.objects.filter(issue=issue).latest("pk").note
    assert {"县民政局", NEW, DOCUMENT} <= {word for word in ("县民政局", NEW, DOCUMENT) if word in note}


def who_has_an_issue_open_is_told(cast):
    issue = issue_in(cast, "rectifying")
    change(cast, asked(cast.unit))
    assert Issue.objects.get(pk=issue.pk).version == issue.version + 1


def no_role_works_before_it_is_granted(cast):
    issue_in(cast, "rectifying")
    change(cast, asked(cast.unit))
    assert not issues_visible_to(fresh(cast.liaison)).exists()


def whoever_works_in_the_successor_has_what_stands_in_the_old_name(cast):
    closed = issue_in(cast, "closed")
    change(cast, asked(cast.unit))
    grant_all(cast)
    assert issues_visible_to(fresh(cast.liaison)).filter(pk=closed.pk).exists()


def a_covert_walk_stays_with_those_who_know_of_it(cast):
    walk = covert_walk(cast)
    change(cast, asked(cast.unit))
    grant_all(cast)
    assert walks_visible_to(fresh(cast.principal)).filter(pk=walk.pk).exists()


def nothing_is_owed_twice(cast):
    day = TODAY - timedelta(days=1)
    change(cast, asked(cast.unit, on=day))
    bound = [unit.name for unit in roster_of(cast.campaign) if unit.is_bound(day, TODAY)]
    assert bound.count(NEW) + bound.count("县民政局") == 1


def the_chain_leads_to_the_unit_in_use(cast):
    change(cast, asked(cast.unit))
    change(cast, asked(Department.objects.get(name=NEW), into=("县社会事务局",)))
    assert Department.objects.get(pk=cast.unit.pk).succeeded_by.is_active


def a_unit_with_a_successor_is_not_restored(cast):
    change(cast, asked(cast.unit))
    with pytest.raises(Refused):
        restore(unit=Department.objects.get(pk=cast.unit.pk), reason="办错", actor=cast.sysadmin)


def a_change_is_read_in_its_units_and_above_alone(cast):
    made = change(cast, asked(cast.unit, into=("县公安局",)))
    assert made in unit_changes_visible_to(cast.second_liaison)
    assert made not in unit_changes_visible_to(cast.namesake)


def a_change_stays_as_it_was_made(cast):
    made = change(cast, asked(cast.unit))
    with pytest.raises(DatabaseError), transaction.atomic():
        UnitChange.objects.filter(pk=made.pk).update(document="别的")


def who_worked_there_is_told(cast):
    change(cast, asked(cast.unit))
    assert Notice.objects.filter(kind="unit.changed", recipient=cast.liaison).exists()


FAULTS = (
    Fault(nobody_else_renames, replaced("accounts.domain.renaming.may_keep_units", lambda user: True)),
    Fault(no_unit_is_renamed_ahead, replaced("accounts.domain.renaming._require_day", lambda *_: None)),
    Fault(
        of_two_who_rename_the_second_is_told,
        replaced("accounts.domain.renaming.require_unchanged", lambda **_: None),
    ),
    Fault(
        no_unit_takes_a_name_that_another_had,
        rewritten("accounts.domain.renaming.require_new_name", "if unit_key(one.name) == key:", "if False:"),
    ),
    Fault(an_earlier_name_stays, no_triggers("accounts_unitname")),
    Fault(an_old_issue_is_found_by_the_new_name, rewritten(f"{HERE}.found_by", " | _renamed(word)")),
    Fault(nobody_else_merges, replaced("home.domain.unit_changes.may_keep_units", lambda user: True)),
    Fault(
        no_unit_ends_ahead, rewritten("home.domain.unit_changes.require_possible", "if asked.on > today:", "if False:")
    ),
    Fault(
        nothing_moves_that_was_not_shown,
        replaced("home.domain.unit_changes.require_unchanged", lambda **_: None),
    ),
    Fault(
        a_unit_ends_once,
        rewritten("home.domain.unit_changes.require_possible", "if not unit.is_active:", "if False:"),
    ),
    Fault(no_unit_succeeds_itself, rewritten("home.domain.unit_changes._require_names", "if name in own", "if False")),
    Fault(the_preview_tells_of_no_covert_walk, rewritten("walks.domain.unit_moves._count", "not_hidden(), ")),
    Fault(
        what_is_struck_off_is_not_touched,
        rewritten("issues.domain.unit_moves._open", "Issue.objects.filter(open_key=1)", "Issue.objects.all()"),
    ),
    Fault(an_issue_says_that_its_unit_changed, replaced("issues.domain.unit_moves._note", lambda *_: None)),
    Fault(
        who_has_an_issue_open_is_told,
        rewritten("issues.domain.unit_moves._touch", "issue.version + 1", "issue.version"),
    ),
    Fault(
        no_role_works_before_it_is_granted,
        rewritten("home.domain.unit_changes.end_into", '"is_active": False, ', '"is_active": True, '),
    ),
    Fault(
        whoever_works_in_the_successor_has_what_stands_in_the_old_name,
        rewritten("accounts.scope._posts", "if predecessor is not None:", "if False:"),
    ),
    Fault(
        a_covert_walk_stays_with_those_who_know_of_it,
        rewritten("walks.domain.covert.is_silent", ' | Q(department__predecessors=OuterRef(f"walk__{unit}"))'),
    ),
    Fault(
        nothing_is_owed_twice,
        rewritten("campaigns.domain.duty_facts.unit_of", "(entry.left_on, unit.abolished_on)", "()"),
    ),
    Fault(
        the_chain_leads_to_the_unit_in_use,
        rewritten(
            "home.domain.unit_changes.end_into",
            "Department.objects.filter(succeeded_by=unit).update(succeeded_by=successor)",
            "pass",
        ),
    ),
    Fault(
        a_unit_with_a_successor_is_not_restored,
        rewritten(f"{HERE}.restore", "if now.succeeded_by:", "if False:"),
    ),
    Fault(
        a_change_is_read_in_its_units_and_above_alone,
        replaced(f"{HERE}.unit_changes_visible_to", lambda user: UnitChange.objects.all()),
    ),
    Fault(a_change_stays_as_it_was_made, no_triggers("accounts_unitchange")),
    Fault(who_worked_there_is_told, replaced("home.domain.unit_changes._tell", lambda *_: None)),
)


class TestFaults(FaultTests):
    pass
