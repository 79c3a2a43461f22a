"""Rows that are read to be shown leave a trace by being read, and by nothing else."""

from types import SimpleNamespace

import pytest
from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from core.listing import Order, paginate
from core.models import AuditEntry
from core.paging import KeyPagination
from tests.cast import build_cast, covert_walk, open_walk
from tests.full_disk import full_disk
from walks.domain.queries import walks_visible_to
from walks.domain.shown import BY_ITSELF, IN_LIST, TRACED, ShownWalks, walks_shown_to
from walks.models import Walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return build_cast()


@pytest.fixture
def covert(cast):
    """Three covert walks to come of the principal, beside an open one."""
    open_walk(cast)
    return [covert_walk(cast, day=day) for day in (15, 16, 17)]


def traces() -> list[str]:
    rows = AuditEntry.objects.filter(chain="covert", action="walk.viewed").order_by("seq")
    return list(rows.values_list("object_key", flat=True))


READINGS = {
    "a loop": lambda rows, pk: [row.pk for row in rows if row.pk == pk],
    "one by its id": lambda rows, pk: rows.get(pk=pk),
    "the first": lambda rows, pk: rows.filter(pk=pk).first(),
    "the last": lambda rows, pk: rows.filter(pk=pk).last(),
    "by its place": lambda rows, pk: rows.filter(pk=pk)[0],
    "a slice": lambda rows, pk: list(rows.filter(pk=pk)[:5]),
    "by ids": lambda rows, pk: rows.in_bulk([pk]),
    "values": lambda rows, pk: list(rows.filter(pk=pk).values(*TRACED, "place")),
    "the earliest": lambda rows, pk: rows.filter(pk=pk).earliest("walk_date"),
    "two sets": lambda rows, pk: list(rows.filter(pk=pk) | rows.filter(pk=pk)),
}


@pytest.mark.parametrize("reading", READINGS)
def test_however_a_row_is_read_it_leaves_a_trace(cast, covert, reading):
    READINGS[reading](walks_shown_to(cast.principal), covert[0].pk)
    assert str(covert[0].pk) in traces()
    assert reading == "a loop" or set(traces()) == {str(covert[0].pk)}


def test_what_is_counted_or_only_a_condition_leaves_none(cast, covert):
    rows = walks_shown_to(cast.principal)
    assert (rows.count(), rows.exists()) == (4, True)
    assert walks_visible_to(cast.liaison).filter(pk__in=rows).count() == 1
    assert not traces()


def test_the_same_rows_read_once_leave_one_trace(cast, covert):
    rows = walks_shown_to(cast.principal, where=BY_ITSELF).filter(pk=covert[0].pk)
    assert [len(rows), bool(rows), len(list(rows))] == [1, True, 1]
    assert traces() == [str(covert[0].pk)]


def test_the_row_a_pager_reads_beyond_its_page_is_not_shown(cast, covert):
    rows = walks_shown_to(cast.principal, where=IN_LIST, per_page=1).filter(is_covert=True).order_by("walk_date")
    assert len(rows[:2]) == 2
    assert traces() == [str(covert[0].pk)]


def test_rows_that_do_not_say_whether_they_are_covert_cannot_be_read(cast, covert):
    rows = walks_shown_to(cast.principal)
    for narrowed in (rows.values("id", "state"), rows.values_list("pk"), rows.values_list("pk", flat=True)):
        with pytest.raises((KeyError, AttributeError)):
            list(narrowed)
    with pytest.raises(TypeError):
        rows.iterator()


def test_rows_of_any_other_choice_are_traced_the_same(cast, covert):
    chosen = walks_visible_to(cast.principal).filter(pk=covert[1].pk)
    assert list(ShownWalks.over(chosen, cast.principal, where=IN_LIST)) == [covert[1]]
    assert traces() == [str(covert[1].pk)]


@pytest.mark.parametrize("after", [False, True], ids=["numbered", "API"])
def test_a_page_follows_though_a_walk_was_withheld(cast, covert, after):
    """Two of the three rows of the first page are covert; the disk is full, so that none of them is shown."""
    for _ in range(3):
        open_walk(cast)
    others = set(Walk.objects.filter(is_covert=False).values_list("pk", flat=True))
    order = Order("day", ("walk_date", "id"), descending=True)

    def page_of(number: int) -> tuple[set, bool]:
        rows = walks_shown_to(cast.principal, where=IN_LIST, per_page=3)
        if after:
            pages = KeyPagination()
            pages.page_size = 3
            request = Request(APIRequestFactory().get("/", cursors.get(number, {})))
            view = SimpleNamespace(ordering=order.by())
            found = pages.paginate_queryset(rows, request, view)
            cursors[number + 1] = QueryDict((pages.get_next_link() or "").partition("?")[2])
            return {row.pk for row in found}, pages.has_next
        params = QueryDict(f"page={number}")
        page = paginate(
            rows, order=order, params=params, read=lambda rows: list(rows.values(*TRACED, "walk_date")), per_page=3
        )
        return {row["id"] for row in page.rows}, bool(page.next_url)

    def read(rows) -> list[dict]:
        return list(rows.values(*TRACED, "walk_date"))

    cursors: dict[int, QueryDict] = {}
    with full_disk("core_auditentry"):
        pages = [page_of(number) for number in (1, 2, 3)]
    assert [more for _, more in pages] == [True, True, False]
    assert set().union(*(found for found, _ in pages)) == others
