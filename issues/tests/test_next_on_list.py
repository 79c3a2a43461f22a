"""Working through a list: what is done to one issue leads on to the next one of the list it came from."""

import pytest
from django.urls import reverse

from issues.models import Issue
from tests.cast import NOON, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON, tick=True)]
LISTED = "?list=tab%3Dopen%26sort%3Dnumber"


def page(client, issue, query=LISTED):
    return client.get(reverse("issue_act", args=[issue.number, "accept"]) + query)


def test_an_act_leads_on_to_the_next_row_of_the_list(client, cast):
    first, second = issue_in(cast, "assigned"), issue_in(cast, "assigned")
    client.force_login(cast.second_liaison)
    opened = page(client, first)
    assert opened.context["following"] == second.number
    assert page(client, second).context["following"] == ""
    assert "following" not in page(client, first, "").context
    form = opened.context["form"]
    sent = {name: form[name].value() for name in ("version", "idempotency_key")}
    answer = client.post(
        reverse("issue_act", args=[first.number, "accept"]) + LISTED, sent | {"then_next": second.number}
    )
    assert answer["Location"].startswith(reverse("issue", args=[second.number]) + "?list=tab%3Dopen")
    assert Issue.objects.get(pk=first.pk).state == "planning"


def test_what_one_does_not_see_is_nothing_to_go_on_to(client, cast):
    issue, other = issue_in(cast, "assigned"), issue_in(cast, "planning")
    client.force_login(cast.second_liaison)
    form = page(client, issue).context["form"]
    sent = {name: form[name].value() for name in ("version", "idempotency_key")}
    address = reverse("issue_act", args=[issue.number, "accept"])
    answer = client.post(address + LISTED, sent | {"then_next": other.number})
    assert answer["Location"].startswith(reverse("issue", args=[issue.number]))
