"""Order, columns and pages of lists, on the audit trail's table: any table with an index will do."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.http import QueryDict

from core.listing import ListColumn, Order, ids_in_order, in_chunks, link, paginate, read_columns, read_order
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

COLUMNS = (
    ListColumn("seq", "序号", sort=("seq",), locked=True),
    ListColumn("at", "时间", sort=("at",), shown=True),
    ListColumn("action", "动作", sort=("action", "seq")),
    ListColumn("detail", "内容"),
)
START = datetime(2022, 6, 1, tzinfo=UTC)


def make_rows(count: int) -> None:
    """``count`` rows: moments in pairs, actions in three kinds, so that most sort values are equal to others."""
    AuditEntry.objects.bulk_create(
        AuditEntry(seq=n, at=START + timedelta(minutes=n // 2), action=f"a{n % 3}", prev_mac="", mac=f"m{n}")
        for n in range(1, count + 1)
    )


def turn(url: str, order: Order, per_page: int = 10):
    """The page an address leads to."""
    return paginate(
        AuditEntry.objects.all(),
        order=order,
        params=QueryDict(url.removeprefix("?")),
        read=lambda rows: list(rows.values()),
        per_page=per_page,
    )


def every_page(order: Order) -> list:
    pages, url = [], ""
    while True:
        pages.append(turn(url, order))
        url = pages[-1].next_url
        if not url:
            return pages


ORDERS = [
    Order("seq", ("seq", "id")),
    Order("seq", ("seq", "id"), descending=True),
    Order("at", ("at", "id")),
    Order("at", ("at", "id"), descending=True),
    Order("action", ("action", "seq", "id")),
    Order("action", ("action", "seq", "id"), descending=True),
    Order("at", ("at", "id"), descending=True, public="mac"),
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.param + order.public)
def test_turning_pages_forward_shows_every_row_once_and_in_order(order):
    make_rows(253)
    pages = every_page(order)
    seen = [row["id"] for page in pages for row in page.rows]
    assert seen == list(AuditEntry.objects.order_by(*order.by()).values_list("id", flat=True))
    assert [page.number for page in pages] == list(range(1, 27))
    assert [(page.first, page.last) for page in pages][-1] == (251, 253)
    assert all(page.total == 253 and not page.notes for page in pages)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.param + order.public)
def test_turning_back_from_the_end_shows_the_same_pages(order):
    make_rows(253)
    forward = [[row["id"] for row in page.rows] for page in every_page(order)]
    page = turn("page=last", order)
    backward = [[row["id"] for row in page.rows]]
    while page.prev_url:
        page = turn(page.prev_url, order)
        backward.insert(0, [row["id"] for row in page.rows])
    assert backward == forward


def test_beyond_page_twenty_the_place_is_in_the_address_and_not_an_offset():
    make_rows(253)
    order = ORDERS[0]
    assert "page=20" in turn("page=19", order).next_url
    twenty = turn("page=20", order)
    assert "after=" in twenty.next_url
    twenty_one = turn(twenty.next_url, order)
    assert "page=20" in twenty_one.prev_url
    twenty_two = turn(twenty_one.next_url, order)
    assert "before=" in twenty_two.prev_url
    assert turn(twenty_two.prev_url, order).rows == twenty_one.rows


@pytest.mark.parametrize("url", ["page=x", "page=0", "page=-1", "page=²", "page=999999999999", "page=26", "page=1.5"])
def test_a_page_that_cannot_be_opened_gives_a_near_one_and_says_so(url):
    make_rows(55)
    page = turn(url, ORDERS[0])
    assert page.rows
    assert len(page.notes) == 1


def test_a_place_of_another_order_or_a_forged_one_gives_page_one_and_says_so():
    make_rows(253)
    token = QueryDict(turn("page=20", ORDERS[0]).next_url[1:])["after"]
    for name in ("after", "before"):
        for value, order in ((token, ORDERS[2]), (token, ORDERS[1]), (token[:-3], ORDERS[0]), ("x", ORDERS[0])):
            page = turn(f"{name}={value}", order)
            assert page.number == 1
            assert page.notes == ["页面位置已失效，已回到第 1 页。"]


def test_a_place_names_its_row_by_the_public_field_and_not_by_its_running_number(django_assert_num_queries):
    make_rows(253)
    [order] = [order for order in ORDERS if order.public]
    url = turn("page=20", order).next_url
    token = QueryDict(url[1:])["after"]
    *_, last = signing.loads(token, salt="core.listing.position")[2]
    assert AuditEntry.objects.get(mac=last).at == turn("page=20", order).rows[-1]["at"]
    with django_assert_num_queries(3):
        assert turn(url, order).number == 21
    gone = signing.dumps(["-at", 21, [START.isoformat(), "m999"]], salt="core.listing.position")
    assert turn(f"after={gone}", order).notes == ["页面位置已失效，已回到第 1 页。"]


@pytest.mark.parametrize("count", [0, 1, 10, 11])
def test_short_lists_need_no_way_on(count):
    make_rows(count)
    page = turn("", ORDERS[0])
    assert (len(page.rows), page.first, page.last) == (min(count, 10), min(count, 1), min(count, 10))
    assert bool(page.next_url) == (count > 10)
    assert page.prev_url == ""
    assert [entry["label"] for entry in page.links] == (["1", "2"] if count > 10 else [])


def test_a_page_costs_two_queries_at_any_depth(django_assert_num_queries):
    make_rows(253)
    order = ORDERS[2]
    deep = turn("page=20", order).next_url
    for url in ("", "page=3", "page=last", deep):
        with django_assert_num_queries(2):
            turn(url, order)


def test_the_number_strip_keeps_the_ends_and_the_neighbours():
    make_rows(253)
    labels = [entry["label"] for entry in turn("page=9", ORDERS[0]).links]
    assert labels == ["1", "…", "7", "8", "9", "10", "11", "…", "末页"]


def test_an_order_that_is_not_on_offer_falls_back_and_says_so():
    order, notes = read_order("-at", COLUMNS, "seq")
    assert (order.by(), notes) == (["-at", "-id"], [])
    for raw in ("detail", "password", "--at", "at,seq", "action__x"):
        order, notes = read_order(raw, COLUMNS, "seq")
        assert order.by() == ["seq", "id"]
        assert raw in notes[0]


def test_columns_come_in_their_own_order_and_locked_ones_always():
    assert [c.key for c in read_columns([], COLUMNS)] == ["seq", "at"]
    assert [c.key for c in read_columns(["detail", "action"], COLUMNS)] == ["seq", "action", "detail"]
    assert [c.key for c in read_columns(["detail,action"], COLUMNS)] == ["seq", "action", "detail"]
    assert [c.key for c in read_columns(["nothing"], COLUMNS)] == ["seq", "at"]


def test_a_link_keeps_the_conditions_and_forgets_the_place():
    params = QueryDict("unit=3&page=4&after=x&sort=at&cols=a&cols=b")
    assert link(params, sort="-at") == "?unit=3&cols=a&cols=b&sort=-at"
    assert link(params, sort=None) == "?unit=3&cols=a&cols=b"


def test_ids_for_an_export_are_one_moment_in_the_order_of_the_page():
    make_rows(25)
    ids = ids_in_order(AuditEntry.objects.all(), ORDERS[3])
    assert list(ids) == list(AuditEntry.objects.order_by("-at", "-id").values_list("id", flat=True))
    assert ids.itemsize == 8
    assert [len(chunk) for chunk in in_chunks(ids, 10)] == [10, 10, 5]
