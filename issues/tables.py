"""What one request selects of the ledger; page, workbook, job and command all begin here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from accounts.scope import scope_of
from core.listing import (
    ListColumn,
    Order,
    Page,
    count_each,
    filter_notes,
    link,
    paginate,
    read_columns,
    read_order,
)
from core.searching import masked_params
from issues.columns import page_columns
from issues.domain import ledger
from issues.domain.queries import issues_visible_to
from issues.domain.saved import of_kind, saved_list
from issues.enums import SavedKind
from issues.filters import LedgerFilter
from issues.models import SavedView

VIEWS = {
    "all": "全部",
    "mine": "等我办",
    "unheld": "无人负责",
    "open": "未销号",
    "overdue": "逾期",
    "due": "本月到期",
    "closing": "待验收",
    "closed": "已销号",
}
OF_MEASURES = ("measures", "measures_doing")
BY_DUE_DATE = ("mine", "unheld", "overdue", "due", "closing")
DIRECTIONS = (("", "升序"), ("-", "降序"))
COUNTED = {"mine": "", "overdue": "danger"}
FILTER_PARAMS = (*LedgerFilter.base_filters, "tab", "sort")
LIST_PARAMS = (*LedgerFilter.base_filters, "tab", "sort", "cols", "page", "after", "before")


@dataclass(frozen=True)
class Selection:
    """``queryset``: the bare filtered rows, unordered; ``visible``: all the person may see; ``notes`` for people."""

    filterset: LedgerFilter
    visible: QuerySet
    queryset: QuerySet
    order: Order
    view: str
    notes: list[str]
    choices: ledger.FilterChoices

    @property
    def label(self) -> str:
        """The view in a word."""
        return VIEWS[self.view]

    def words(self) -> list[str]:
        """The conditions in force, in words."""
        view = [] if self.view == "all" else [self.label]
        return [*view, *self.filterset.words()]


def select(user, params: QueryDict, today: date, choices: ledger.FilterChoices | None = None) -> Selection:
    """What these parameters select for this person; two queries (``choices``, where they are not given). Values that
    mean nothing become notes."""
    visible = issues_visible_to(user)
    choices = choices or ledger.filter_choices(user, today)
    filterset = LedgerFilter(params, visible, choices=choices, today=today)
    view, notes = params.get("tab") or "all", []
    if view not in VIEWS:
        view, notes = "all", [f"没有名为“{view[:20]}”的视图，已显示全部。"]
    default = "due_on" if view in BY_DUE_DATE else "-number"
    order, order_notes = read_order(params.get("sort", ""), page_columns(), default, public="number")
    notes += order_notes + filter_notes(filterset.form)
    found = ledger.in_view(filterset.qs, view, user, today)
    return Selection(filterset, visible, found, order, view, notes, choices)


def page_of(selection: Selection, columns, params: QueryDict, today: date) -> Page:
    """One page of the selection: count and rows; one query more when a column of the measures is shown."""
    with_measures = any(column.key in OF_MEASURES for column in columns)
    return paginate(
        selection.queryset,
        order=selection.order,
        params=params,
        read=lambda ids: ledger.read_rows(ids, selection.order, today, with_measures=with_measures),
    )


def next_on_list(user, query: str, number: str, today: date) -> str:
    """The number of the issue that follows on that page of the list (``list_query``); "" for the last one, and where
    the page does not have the issue."""
    params = QueryDict(query)
    selection = select(user, params, today)
    page = paginate(
        selection.queryset,
        order=selection.order,
        params=params,
        read=lambda ids: list(selection.visible.filter(pk__in=ids).order_by(*selection.order.by()).values("number")),
    )
    listed = [row["number"] for row in page.rows]
    place = listed.index(number) + 1 if number in listed else len(listed)
    return listed[place] if place < len(listed) else ""


def view_tabs(
    selection: Selection, params: QueryDict, user, today: date, saved: Sequence[SavedView] = ()
) -> list[dict]:
    """The fixed views as tabs, then the saved filters (``saved``) that mean something to this person.

    Those that ask for action and the saved ones carry a count, at most 99+; one query for all counts.

    A filter with a condition that is not on offer to the reader is left out: without it the tab would show other rows
    than its name says, with it nothing may be told.
    """
    left_out = {"mine": not ledger.acts_on_issues(user), "unheld": not scope_of(user).act_regions}
    shown = [key for key in VIEWS if not left_out.get(key)]
    kept = [(view, chosen) for view in saved if (chosen := chosen_by(view, selection, user, today)) is not None]
    here = filter_query(params.urlencode())
    taken = any(view.query == here for view, _ in kept)
    tabs = [
        {
            "label": VIEWS[key],
            "url": link(params, tab=None if key == "all" else key, sort=None),
            "active": key == selection.view and not taken,
            "tone": COUNTED.get(key, ""),
            "rows": ledger.in_view(selection.visible, key, user, today) if key in COUNTED else None,
        }
        for key in shown
    ]
    tabs += [
        {"label": view.name, "url": f"?{view.query}", "active": view.query == here, "tone": "", "rows": rows}
        for view, rows in kept
    ]
    return _counted(tabs)


def chosen_by(view: SavedView, selection: Selection, user, today: date) -> QuerySet | None:
    """The rows this person sees by a saved filter; None where one of its conditions is not on offer to them."""
    found = select(user, QueryDict(view.query), today, selection.choices)
    return None if found.notes else found.queryset


def _counted(tabs: list[dict]) -> list[dict]:
    """The tabs with the numbers of their ``rows``, in one query."""
    counts = iter(count_each([tab["rows"] for tab in tabs if tab["rows"] is not None], ledger.COUNT_UP_TO))
    for tab in tabs:
        found = next(counts) if tab.pop("rows") is not None else None
        tab["count"] = None if found is None else _count_words(found)
    return tabs


def _count_words(found: int) -> str:
    return f"{ledger.COUNT_UP_TO - 1}+" if found >= ledger.COUNT_UP_TO else str(found or "")


def list_controls(selection: Selection, params: QueryDict) -> dict:
    """What the page needs around the table: columns and orders on offer, and addresses that keep the conditions."""
    columns = page_columns()
    sortable = [column for column in columns if column.sort]
    back = list_query(params.urlencode())
    return {
        "all_columns": columns,
        "sort": selection.order.param,
        "sorts": [(f"{sign}{c.key}", f"{c.label} {word}") for c in sortable for sign, word in DIRECTIONS],
        "kept": [
            (key, value) for key in (*LedgerFilter.base_filters, "tab") for value in masked_params(params).getlist(key)
        ],
        "back": f"?{urlencode({'list': back})}" if back else "",
        "clear_url": f"?tab={selection.view}" if selection.view != "all" else "?",
        "export_query": link(params),
        "any_condition": bool(selection.words()),
    }


def list_query(raw: str, names: Sequence[str] = LIST_PARAMS) -> str:
    """A ledger's own query string, cleaned of everything else: the way back from an issue to the list it came from."""
    sent, kept = masked_params(QueryDict(raw[:2000])), QueryDict(mutable=True)
    for name in names:
        if name in sent:
            kept.setlist(name, sent.getlist(name)[:40])
    return kept.urlencode()


def filter_query(raw: str) -> str:
    """The same without what is no condition (columns, place) and without empty ones: what a saved filter keeps."""
    kept = QueryDict(list_query(raw, FILTER_PARAMS), mutable=True)
    for name in [name for name in kept if not kept[name]]:
        del kept[name]
    return kept.urlencode()


def shown_columns(params: QueryDict, saved: Sequence[SavedView]) -> list[ListColumn]:
    """The columns the address names, else those the person has remembered (among ``saved``), else the usual ones."""
    own = next((view.columns for view in of_kind(saved, SavedKind.SHOWN)), [])
    return read_columns(params.getlist("cols") or own, page_columns())


def export_columns(user, params: QueryDict) -> list[str] | None:
    """Keys of the columns the export is asked with (``book``): ``shown``, those of the page; a saved set by its id; []
    is the layout of the annex. None for a set this person does not have."""
    asked = params.get("book", "")
    if not asked:
        return []
    saved = saved_list(user)
    if asked == "shown":
        return [column.key for column in shown_columns(params, saved)]
    return next((view.columns for view in of_kind(saved, SavedKind.COLUMNS) if str(view.public_id) == asked), None)
