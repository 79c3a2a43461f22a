"""Lists: columns as data, an order from an allow list, pages that cost the same at any depth, notes instead of errors.

Up to page ``DEEPEST_NUMBERED`` a page is found by its number (OFFSET), beyond it by a signed position in the address:
the sort values of the row it begins after (keyset). The page and the export read the same columns and the same order.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.core import signing
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Count, Expression, F, Func, IntegerField, Q, QuerySet, Subquery, TextField, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.forms import BaseForm
from django.http import QueryDict

from core.searching import masked_params

Key = TypeVar("Key")
PER_PAGE = 50
DEEPEST_NUMBERED = 20
CHUNK = 1000
PLACE_PARAMS = ("page", "after", "before")
_SALT = "core.listing.position"


@dataclass(frozen=True)
class ListColumn:
    """One column of a list. ``kind`` says how a value looks: text, title, number, date, code, badge.

    ``sort``: the non-null fields to order by, with an index on them and the id; empty when the column cannot be sorted.
    ``css``: class of its cells (``col-lo`` leaves it out on a narrow screen).
    ``width`` in half-width characters, for workbooks. ``shown`` by default, ``locked`` columns cannot be hidden.
    """

    key: str
    label: str
    kind: str = "text"
    width: float = 12
    sort: tuple[str, ...] = ()
    shown: bool = False
    locked: bool = False
    css: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Order:
    """``fields`` all in one direction, the id last, so that no two rows are equal.

    ``public``: the unique field that stands for the id in an address, where a running number would reveal rows the
    reader may not know of.
    """

    key: str
    fields: tuple[str, ...]
    descending: bool = False
    public: str = ""

    @property
    def param(self) -> str:
        return f"-{self.key}" if self.descending else self.key

    def by(self, *, backwards: bool = False) -> list[str]:
        """Arguments of ``order_by``."""
        sign = "-" if self.descending != backwards else ""
        return [sign + name for name in self.fields]


@dataclass(frozen=True)
class Page:
    """What a list shows. ``number`` and ``first`` are exact up to page 20 and on the last page, else counted on.

    ``links``: [{"label", "url", "current"}], for templates/partials/pager.html.
    """

    rows: list[dict]
    total: int
    number: int
    first: int
    prev_url: str = ""
    next_url: str = ""
    links: list[dict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0


def read_order(raw: str, columns: Sequence[ListColumn], default: str, *, public: str = "") -> tuple[Order, list[str]]:
    """The order named by ``raw`` (``due`` or ``-due``) and notes about a name that is not on offer."""
    allowed = {column.key: column.sort for column in columns if column.sort}
    notes = []
    wanted = raw or default
    if wanted.removeprefix("-") not in allowed:
        notes = [f"不能按“{wanted[:20]}”排序，已按默认顺序显示。"]
        wanted = default
    key = wanted.removeprefix("-")
    return Order(key, (*allowed[key], "id"), wanted.startswith("-"), public), notes


def read_columns(raw: Sequence[str], columns: Sequence[ListColumn]) -> list[ListColumn]:
    """The columns to show, in their own order; the default ones when none of those named is known.

    A column that was asked for by name is not left out on a narrow screen (its ``css`` is dropped).
    """
    named = {key for text in raw for key in text.split(",")}
    if not named & {column.key for column in columns}:
        return [column for column in columns if column.shown or column.locked]
    return [replace(column, css="") for column in columns if column.locked or column.key in named]


def filter_notes(form: BaseForm) -> list[str]:
    """One sentence for every parameter of a filter that was left out because its value is none of those possible."""
    return [
        f"条件“{form.fields[name].label}”的值无法识别，已忽略：{'；'.join(map(str, errors))}"
        for name, errors in form.errors.items()
        if name in form.fields
    ]


def count_views(rows: QuerySet, views: Mapping[str, Q]) -> dict[str, int]:
    """{tab: how many of the rows} in one query."""
    return rows.order_by().aggregate(**{name: Count("pk", filter=which) for name, which in views.items()})


class _CountOf(Subquery):
    """How many rows a queryset has, as a value of another one."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def count_each(found: Sequence[QuerySet], limit: int) -> list[int]:
    """How many rows each of these querysets of one model has, counted no further than ``limit``, in one query."""
    if not found:
        return []
    counts = [_CountOf(rows.order_by().values("pk")[:limit]) for rows in found]
    # Any row carries the values; where the table is empty so is every queryset.
    row = next(iter(found[0].model._base_manager.order_by().values_list(*counts)[:1]), None)
    return [count or 0 for count in row] if row else [0] * len(found)


def link(params: QueryDict, **changes: str | int | None) -> str:
    """The address of the same list with some parameters changed (None removes one) and the position in it removed;
    a number of a person that was searched for is masked."""
    changed = masked_params(params)
    for key in (*PLACE_PARAMS, *changes):
        changed.pop(key, None)
    for key, value in changes.items():
        if value is not None:
            changed[key] = str(value)
    return f"?{changed.urlencode()}"


class _Row(Func):
    """``(a, b, id)``: both databases compare such rows in the order of an index on these columns."""

    template = "(%(expressions)s)"
    output_field = TextField()


def beyond(queryset: QuerySet, order: Order, values: Sequence, *, backwards: bool = False) -> QuerySet:
    """The rows after (or before, when ``backwards``) the place that ``values`` of the order's fields name."""
    comparison = LessThan if order.descending != backwards else GreaterThan
    here: list[Expression] = []
    for name, value in zip(order.fields, values, strict=True):
        column = queryset.model._meta.get_field(name)
        here.append(Value(column.to_python(value), output_field=getattr(column, "output_field", column)))
    return queryset.filter(comparison(_Row(*map(F, order.fields)), _Row(*here)))


def place(order: Order, row: dict, number: int) -> str:
    """The signed position of ``row``, the edge from which page ``number`` is read; for ``after`` and ``before``."""
    values = [row[name] for name in order.fields[:-1]] + [row[order.public or order.fields[-1]]]
    plain = [value if isinstance(value, (int, str)) else _as_text(value) for value in values]
    return signing.dumps([order.param, number, plain], salt=_SALT)


def _as_text(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def paginate(
    queryset: QuerySet,
    *,
    order: Order,
    params: QueryDict,
    read: Callable[[QuerySet], list[dict]],
    per_page: int = PER_PAGE,
) -> Page:
    """One page of ``queryset``; two queries: the count of the bare filter, and ``read``
    (a third finds the row a place names by its ``public`` field).

    ``read`` gets the rows of the page as a queryset in the order of the list, and at most one row more. It returns a
    dict for each row, in the same order, holding at least the order's fields. A place that cannot be read gives page 1
    and a note.
    """
    total = queryset.order_by().count()
    return _Pager(queryset, order, params, read, per_page, total).page()


class _Pager:
    def __init__(
        self,
        queryset: QuerySet,
        order: Order,
        params: QueryDict,
        read: Callable[[QuerySet], list[dict]],
        per_page: int,
        total: int,
    ):
        self.queryset, self.order, self.params, self.read = queryset, order, params, read
        self.per_page, self.total = per_page, total
        self.pages = max(1, -(-total // per_page))
        self.notes: list[str] = []

    def page(self) -> Page:
        for name in ("after", "before"):
            if token := self.params.get(name):
                position = self._position(token)
                if position is None:
                    self.notes.append("页面位置已失效，已回到第 1 页。")
                    return self._numbered(1)
                return self._keyset(*position, backwards=name == "before")
        return self._numbered(self._page_number(self.params.get("page", "")))

    def _page_number(self, raw: str) -> int:
        if raw == "last":
            return self.pages
        if not raw:
            return 1
        if not (raw.isascii() and raw.isdigit() and len(raw) < 9 and int(raw)):
            self.notes.append(f"页码“{raw[:20]}”无法识别，已显示第 1 页。")
            return 1
        deepest = min(self.pages, DEEPEST_NUMBERED)
        if int(raw) > deepest and int(raw) != self.pages:
            self.notes.append(f"不能直接打开第 {raw} 页，已显示第 {deepest} 页；请用“下一页”继续，或缩小筛选范围。")
            return deepest
        return int(raw)

    def _numbered(self, number: int) -> Page:
        if number > DEEPEST_NUMBERED:
            return self._last_page()
        start = (number - 1) * self.per_page
        rows = self.read(self.queryset.order_by(*self.order.by())[start : start + self.per_page + 1])
        return self._build(rows[: self.per_page], number, start + 1, more=len(rows) > self.per_page)

    def _last_page(self) -> Page:
        size = self.total - (self.pages - 1) * self.per_page
        rows = self.read(self._end_of(self.queryset, size))
        return self._build(rows, self.pages, self.total - size + 1, more=False)

    def _keyset(self, number: int, values: list, *, backwards: bool) -> Page:
        remaining = beyond(self.queryset, self.order, values, backwards=backwards)
        if backwards:
            rows, more = self.read(self._end_of(remaining, self.per_page)), True
        else:
            rows = self.read(remaining.order_by(*self.order.by())[: self.per_page + 1])
            rows, more = rows[: self.per_page], len(rows) > self.per_page
        return self._build(rows, number, (number - 1) * self.per_page + 1, more=more)

    def _end_of(self, rows: QuerySet, size: int) -> QuerySet:
        """The last ``size`` of ``rows``, in the order of the list: they are found from the end, in a subquery."""
        found = rows.order_by(*self.order.by(backwards=True)).values("pk")[:size]
        return self.queryset.filter(pk__in=found).order_by(*self.order.by())

    def _build(self, rows: list[dict], number: int, first: int, *, more: bool) -> Page:
        prev_url = next_url = ""
        if more and rows:
            if number >= DEEPEST_NUMBERED:
                next_url = link(self.params, after=place(self.order, rows[-1], number + 1))
            else:
                next_url = link(self.params, page=number + 1)
        if number > 1:
            if rows and number - 1 > DEEPEST_NUMBERED:
                prev_url = link(self.params, before=place(self.order, rows[0], number - 1))
            else:
                prev_url = link(self.params, page=min(number - 1, DEEPEST_NUMBERED))
        links = self._links(number)
        return Page(rows, self.total, number, first if rows else 0, prev_url, next_url, links, self.notes)

    def _links(self, number: int) -> list[dict]:
        if self.pages < 2:
            return []
        deepest = min(self.pages, DEEPEST_NUMBERED)
        near = {1, number, *range(number - 2, number + 3)} | ({deepest} if deepest == self.pages else set())
        shown = sorted(n for n in near if 1 <= n <= deepest or n == number)
        links: list[dict] = []
        for before, n in zip([0, *shown], shown, strict=False):
            if n - before > 1:
                links.append({"label": "…"})
            links.append({"label": str(n), "url": link(self.params, page=n), "current": n == number})
        if self.pages > DEEPEST_NUMBERED and number != self.pages:
            links += [{"label": "…"}, {"label": "末页", "url": link(self.params, page="last"), "current": False}]
        return links

    def _position(self, token: str) -> tuple[int, list] | None:
        try:
            param, number, values = signing.loads(token, salt=_SALT)
            if param != self.order.param or number < 1 or len(values) != len(self.order.fields):
                return None
            if self.order.public:
                values = [*values[:-1], self._id_of(values[-1])]
            fields = self.queryset.model._meta
            return number, [fields.get_field(f).to_python(v) for f, v in zip(self.order.fields, values, strict=True)]
        except (signing.BadSignature, ObjectDoesNotExist, ValidationError, ValueError, TypeError):
            return None

    def _id_of(self, public: object) -> object:
        """The last value of the order for the row so named. Raises ObjectDoesNotExist when there is no such row."""
        rows = self.queryset.model._default_manager.values_list(self.order.fields[-1], flat=True)
        return rows.get(**{self.order.public: public})


def ids_in_order(queryset: QuerySet, order: Order) -> array:
    """The ids of every row, in order, as they are at this moment: 8 bytes a row.

    An export that takes seconds then holds each row once, though rows may move while it is written.
    """
    ids = queryset.order_by(*order.by()).values_list("pk", flat=True)
    return array("q", ids.iterator(chunk_size=CHUNK * 5))


def in_chunks(ids: Sequence[Key], size: int = CHUNK) -> Iterator[Sequence[Key]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
