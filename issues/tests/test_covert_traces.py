"""Each view of a covert walk is audited, whatever shows it: its pages, a list, the first page, the API, its photos."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from core import audit
from core.models import AuditEntry
from evidence.domain.store import accept_photo
from issues.domain import intake
from tests.access.world import photo
from tests.cast import NOON, covert_walk, open_walk
from walks.domain import lifecycle as walk_lifecycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
# The first trace costs: what stands there already, and one write in a transaction (PostgreSQL: with its lock).
FIRST = 6 if connection.vendor == "postgresql" else 5


def traces(**which):
    rows = AuditEntry.objects.filter(chain="covert", action="walk.viewed", **which)
    return [(entry.object_key, entry.detail.get("where", "")) for entry in rows.order_by("seq")]


@pytest.mark.parametrize(
    ("url", "where"),
    [("/walks/", "体验列表"), ("/walks/?tab=all", "体验列表"), ("/", "首页"), ("/api/v1/walks/", "数据接口列表")],
)
def test_a_page_that_shows_covert_walks_leaves_a_trace_of_each_once_an_hour(client, cast, url, where):
    walks = [covert_walk(cast, day=day) for day in (15, 16)]
    walk_lifecycle.perform(walk=walks[0], action="begin", actor=cast.principal, now=NOON)
    shown = [walk for walk in walks if url != "/walks/" or walk.state == "in_progress"]
    client.force_login(cast.principal)
    for _ in range(2):
        client.get(url)
    expected = {(str(walk.pk), where) for walk in shown}
    assert set(traces(actor_id=cast.principal.pk)) == expected
    assert len(traces()) == len(expected)
    client.logout()
    with time_machine.travel(AuditEntry.objects.latest("at").at + timedelta(minutes=61)):
        client.force_login(cast.principal)
        assert client.get(url).status_code == 200
        assert len(traces()) == 2 * len(expected)
    assert audit.verify().ok


@pytest.mark.parametrize("surface", ["file", "file_thumb"])
@pytest.mark.parametrize("of", ["step", "problem"])
def test_a_photo_of_a_covert_walk_leaves_a_trace(client, cast, surface, of):
    walk = covert_walk(cast)
    walk_lifecycle.perform(walk=walk, action="begin", actor=cast.principal, now=NOON)
    file = accept_photo(upload=photo(), actor=cast.principal)
    given = {"files": [file]} if of == "step" else {}
    step = walk_lifecycle.add_step(walk=walk, actor=cast.principal, stage="consult", happened_at=NOON, **given)
    if of == "problem":
        intake.capture(walk=walk, actor=cast.principal, description="无人", stage="consult", step=step, files=[file])
    client.force_login(cast.principal)
    for _ in range(2):
        assert client.get(reverse(surface, args=[file.pk])).status_code == 200
    assert traces() == [(str(walk.pk), "照片")]


@pytest.mark.parametrize("url", ["/walks/", "/", "/api/v1/walks/"])
def test_where_no_covert_walk_is_shown_nothing_is_written(client, cast, url):
    covert_walk(cast)
    open_walk(cast)
    client.force_login(cast.liaison)
    client.get(url)
    assert not traces()


@pytest.mark.parametrize(("url", "queries"), [("/walks/?tab=all", 8), ("/api/v1/walks/", 4)])
@pytest.mark.parametrize("walks", [1, 3])
def test_a_trace_of_one_costs_as_much_as_of_three(client, cast, django_assert_num_queries, url, queries, walks):
    for day in range(walks):
        covert_walk(cast, day=15 + day)
    client.force_login(cast.principal)
    client.get("/password/")
    for more in (FIRST, 1):
        with django_assert_num_queries(queries + more):
            client.get(url)
