"""三员分立: refused by the domain and, if that is bypassed, by the database."""

import pytest
from django.db import DatabaseError, transaction

from accounts.domain.people import grant_membership
from accounts.models import Membership, User
from core.exceptions import Refused

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
