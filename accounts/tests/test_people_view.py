"""The list of accounts."""

import pytest

from accounts.domain.memberships import grant_membership
from accounts.domain.people import disable_user
from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
URL = "/people/"


def listed(answer):
    return [row["username"] for row in answer.context["page"].rows]


@pytest.mark.parametrize("persona", ["sysadmin", "secadmin"])
def test_both_keepers_of_accounts_see_every_account_in_order(client, cast, persona):
    client.force_login(getattr(cast, persona))
    assert listed(client.get(URL)) == sorted(User.objects.values_list("username", flat=True))


@pytest.mark.parametrize("persona", ["principal", "liaison", "office", "supervisor", "auditor"])
def test_for_everybody_else_the_page_does_not_exist(client, cast, persona):
    client.force_login(getattr(cast, persona))
    assert client.get(URL).status_code == 404


def test_a_row_tells_unit_title_and_every_role_and_hides_the_phone(client, cast):
    grant_membership(user=cast.principal, department=cast.unit, role="liaison")
    client.force_login(cast.sysadmin)
    answer = client.get(URL, {"q": "principal"})
    [row] = answer.context["page"].rows
    assert row["places"] == [
        {"unit": "县民政局", "region": "青禾县", "roles": ["主要负责同志", "联络员"], "title": "局长"}
    ]
    assert "138****1111" in answer.text
    assert "13800001111" not in answer.text


def test_filters_narrow_by_unit_role_and_state(client, cast):
    client.force_login(cast.secadmin)
    assert listed(client.get(URL, {"q": "县公安局"})) == ["second_liaison"]
    assert listed(client.get(URL, {"role": "principal"})) == ["principal"]
    assert listed(client.get(URL, {"role": "auditor"})) == ["auditor"]
    assert listed(client.get(URL, {"state": "disabled"})) == ["disabled"]
    disable_user(user=cast.deputy, actor=cast.secadmin)
    assert listed(client.get(URL, {"state": "disabled"})) == ["deputy", "disabled"]


def test_a_role_that_is_none_is_ignored_with_a_note(client, cast):
    client.force_login(cast.sysadmin)
    answer = client.get(URL, {"role": "king"})
    assert "条件“角色”的值无法识别" in answer.text
    assert len(listed(answer)) == User.objects.count()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_row_and_three(client, cast, rows, django_assert_num_queries):
    User.objects.bulk_create(User(username=f"row{n}", name=f"行{n}") for n in range(rows))
    client.force_login(cast.sysadmin)
    client.get(URL)
    with django_assert_num_queries(6):
        assert len(listed(client.get(URL, {"q": "row"}))) == rows
