"""What each person of the cast sees."""

import pytest

from accounts.domain.people import disable_user
from accounts.models import Membership, User
from accounts.scope import NOTHING, departments_visible_to, scope_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_a_city_office_reads_both_counties_and_acts_in_none_of_them(cast):
    scope = scope_of(cast.office_city)
    assert scope.read_regions == {cast.city.pk, cast.county.pk, cast.other_county.pk}
    assert scope.act_regions == {cast.city.pk}


def test_a_county_office_reads_and_acts_in_its_county_only(cast):
    scope = scope_of(cast.office)
    assert scope.read_regions == scope.act_regions == {cast.county.pk}


def test_a_supervisor_reads_and_never_acts(cast):
    scope = scope_of(cast.supervisor)
    assert scope.read_regions == {cast.county.pk}
    assert scope.act_regions == frozenset()


@pytest.mark.parametrize("persona", ["sysadmin", "secadmin", "auditor", "disabled"])
def test_administrators_and_disabled_people_see_nothing(cast, persona):
    assert scope_of(cast.people[persona]) == NOTHING
    assert not departments_visible_to(cast.people[persona]).exists()


def test_the_same_named_unit_of_another_county_is_not_among_the_departments(cast):
    assert cast.unit in departments_visible_to(cast.liaison)
    assert cast.namesake_unit not in departments_visible_to(cast.liaison)


def test_a_membership_taken_away_is_gone_on_the_next_request(cast):
    assert scope_of(fresh(cast.liaison)).units == {cast.unit.pk}
    Membership.objects.filter(user=cast.liaison).delete()
    assert scope_of(fresh(cast.liaison)).units == frozenset()


def test_a_disabled_person_loses_the_open_session_and_it_is_audited(cast, client):
    client.force_login(cast.liaison, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/notices/").status_code == 200
    disable_user(user=cast.liaison, actor=cast.secadmin)
    assert client.get("/notices/").status_code == 302
