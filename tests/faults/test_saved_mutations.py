"""Guards of what people keep of the ledger's list: each is removed once, and its proof must fail without it."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from core.exceptions import NotAllowed, Refused, StaleVersion
from issues.domain import saved
from issues.enums import Audience, SavedKind
from issues.models import Issue, SavedView
from issues.tables import select
from tests.cast import NOON, issue_in
from tests.faults.fault import Fault, FaultTests, replaced, rewritten
from tests.faults.proofs import browser

pytestmark = pytest.mark.django_db


def keep(user, name: str = "在办", query: str = "state=open", **more) -> SavedView:
    return saved.save(user=user, kind=SavedKind.FILTER, name=name, query=query, now=NOON, **more)


def labels(user) -> list[str]:
    return [tab["label"] for tab in browser(user).get(reverse("issues")).context["tabs"]]


def what_one_keeps_nobody_else_has(cast):
    keep(cast.liaison)
    assert "在办" not in labels(cast.principal)


def what_a_unit_shares_no_other_unit_has(cast):
    keep(cast.liaison, audience=Audience.UNIT, department=cast.unit.pk)
    assert "在办" not in labels(cast.second_liaison)


def nobody_shares_in_the_name_of_another_unit(cast):
    with pytest.raises(NotAllowed):
        keep(cast.liaison, audience=Audience.UNIT, department=cast.second_unit.pk)


def whoever_only_uses_it_changes_nothing(cast):
    view = keep(cast.liaison, audience=Audience.UNIT, department=cast.unit.pk)
    with pytest.raises(NotAllowed):
        saved.remove(view=view, user=cast.responsible)


def a_condition_out_of_the_readers_choice_is_told_to_nobody(cast):
    keep(cast.office, query=f"unit={cast.namesake_unit.pk}", audience=Audience.OFFICE, department=cast.office_unit.pk)
    assert "在办" not in labels(cast.liaison)


def the_second_to_rename_is_told(cast):
    view = keep(cast.liaison, audience=Audience.UNIT, department=cast.unit.pk)
    saved.rename(view=view, user=cast.principal, name="已改", version=1, now=NOON)
    with pytest.raises(StaleVersion):
        saved.rename(view=view, user=cast.liaison, name="又改", version=1, now=NOON)


def there_is_a_limit(cast):
    for number in range(saved.MOST[Audience.OWN]):
        keep(cast.liaison, f"{number}")
    with pytest.raises(Refused):
        keep(cast.liaison, "又一个")


def a_search_leads_nowhere_else(cast):
    issue_in(cast, "rectifying")
    params = QueryDict("q=1")
    assert select(cast.office, params, NOON.date()).queryset.count() == 1
    assert select(cast.office_other_county, params, NOON.date()).queryset.count() == 0


def a_set_of_columns_of_another_is_not_there(cast):
    made = saved.save(user=cast.office, kind=SavedKind.COLUMNS, name="周报", columns=["unit"], now=NOON)
    found = browser(cast.liaison).get(reverse("issues_export"), {"book": str(made.public_id)})
    assert found.status_code == 404


FAULTS = (
    Fault(what_one_keeps_nobody_else_has, rewritten("issues.domain.saved.saved_for", ", owner_id=scope.user_id")),
    Fault(
        what_a_unit_shares_no_other_unit_has,
        rewritten("issues.domain.saved.saved_for", ", department_id__in=scope.workplaces"),
    ),
    Fault(
        nobody_shares_in_the_name_of_another_unit,
        rewritten("issues.domain.saved.save", "if (audience.value, department) not in", "if () in"),
    ),
    Fault(whoever_only_uses_it_changes_nothing, replaced("issues.domain.saved.may_change", lambda view, user: True)),
    Fault(
        a_condition_out_of_the_readers_choice_is_told_to_nobody,
        rewritten("issues.tables.chosen_by", "None if found.notes else ", ""),
    ),
    Fault(the_second_to_rename_is_told, rewritten("issues.domain.saved.rename", ", version=version", "")),
    Fault(there_is_a_limit, replaced("issues.domain.saved._require_room", lambda *args: None)),
    Fault(a_search_leads_nowhere_else, replaced("issues.tables.issues_visible_to", lambda user: Issue.objects.all())),
    Fault(
        a_set_of_columns_of_another_is_not_there,
        replaced("issues.tables.saved_list", lambda user: list(SavedView.objects.all())),
    ),
)


class TestFaults(FaultTests):
    pass
