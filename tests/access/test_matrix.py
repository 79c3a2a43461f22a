"""Every route × every persona × own, other and absent object, against the policy table."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from tests.access.policy import PERSONAS, VISITORS
from tests.access.table import POLICY
from tests.access.world import build_world

RELATIONS = ("own", "other", "absent")


def routes(patterns=None) -> set[str]:
    """The name of every route of the URLconf; a nameless one fails here."""
    found = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            found |= routes(pattern.url_patterns)
        else:
            assert isinstance(pattern, URLPattern)
            assert pattern.name, f"a route without a name: {pattern.pattern}"
            found.add(pattern.name)
    return found


def test_every_route_has_a_row_and_every_row_a_route():
    assert routes() == {key.split(":")[0] for key in POLICY}


@pytest.fixture
def world(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return build_world()


def clients(world) -> dict[str, Client]:
    made = {}
    for persona in PERSONAS:
        made[persona] = Client(raise_request_exception=False)
        if persona == "disabled":
            User.objects.filter(username="disabled").update(is_active=True)
        if persona != "anonymous":
            user = User.objects.get(username=persona)
            made[persona].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    User.objects.filter(username="disabled").update(is_active=False)
    return made


def answer(client: Client, method: str, url: str) -> int:
    """The status, with everything the request wrote taken back."""
    with transaction.atomic():
        status = getattr(client, method)(url).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("name", POLICY, ids=str)
def test_each_persona_gets_what_the_policy_says(world, name, method):
    row = POLICY[name]
    access = getattr(row, method, None)
    wrong = []
    for persona, client in clients(world).items():
        for relation in RELATIONS if row.kind else ("absent",):
            kwargs = (world.objects[relation][row.kind] if row.kind else {}) | row.extra
            status = answer(client, method, reverse(name.split(":")[0], kwargs=kwargs))
            if access is not None:
                expected = {access.expected(persona, relation)}
            else:
                # Not offered: refused before or after asking who it is, and never carried out.
                expected = {405, 302, 401, 403, 404} if persona in VISITORS else {405, 403, 404}
            if status not in expected:
                wrong.append(f"{persona} {relation}: {status}, expected {sorted(expected)}")
    assert wrong == []


@pytest.mark.parametrize("name", [n for n in POLICY if POLICY[n].kind and POLICY[n].get], ids=str)
def test_what_may_not_be_seen_looks_exactly_like_what_does_not_exist(world, name):
    row, compared = POLICY[name], 0
    for persona, client in clients(world).items():
        if persona in VISITORS:
            continue
        for relation in ("own", "other"):
            if row.get.expected(persona, relation) != 404:
                continue
            pages = [
                client.get(reverse(name.split(":")[0], kwargs=world.objects[where][row.kind] | row.extra))
                for where in (relation, "absent")
            ]
            assert pages[0].content == pages[1].content, f"{persona} {relation}"
            assert pages[0].headers.items() == pages[1].headers.items(), f"{persona} {relation}"
            compared += 1
    assert compared > 0
