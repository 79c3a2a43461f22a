"""三员分立: refused by the domain and, if that is bypassed, by the database."""

from functools import partial

import pytest
from django.db import DatabaseError, transaction

from accounts.domain.memberships import grant_membership
from accounts.domain.people import disable_user
from accounts.models import Membership, User
from core.exceptions import Refused
from tests.race import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize("persona", ["sysadmin", "secadmin", "auditor"])
def test_an_administrator_is_refused_a_business_role_in_words(cast, persona):
    with pytest.raises(Refused, match="不得兼任"):
        grant_membership(user=cast.people[persona], department=cast.unit, role="liaison")


@pytest.mark.parametrize("persona", ["sysadmin", "secadmin", "auditor"])
def test_the_database_refuses_it_too(cast, persona):
    with pytest.raises(DatabaseError, match="business role"), transaction.atomic():
        Membership.objects.create(user=cast.people[persona], department=cast.unit, role="liaison")


def test_a_person_with_a_business_role_cannot_become_an_administrator(cast):
    with pytest.raises(DatabaseError, match="business role"), transaction.atomic():
        User.objects.filter(pk=cast.liaison.pk).update(kind="auditor")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_disable_each_other_at_once_one_stays(cast):
    other = User.objects.create(username="sysadmin2", name="另一管理员", kind="sysadmin")
    pairs = ((cast.sysadmin, other), (other, cast.sysadmin))
    ends = at_once(*(partial(disable_user, user=one, actor=two) for one, two in pairs))
    assert sorted(type(end) for end in ends if end is not None) == [Refused]
    assert User.objects.filter(kind="sysadmin", is_active=True).count() == 1
