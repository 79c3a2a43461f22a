"""What one request selects of the ledger; page, workbook, job and command all begin here."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from accounts.scope import scope_of
from core.listing import Order, Page, filter_notes, link, paginate, read_order
from core.searching import masked_params
from issues.columns import page_columns
from issues.domain import ledger
from issues.domain.queries import issues_visible_to
from issues.filters import LedgerFilter

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
BY_DUE_DATE = ("mine", "unheld", "overdue", "due", "closing")
DIRECTIONS = (("", "升序"), ("-", "降序"))
COUNTED = {"mine": "", "overdue": "danger"}
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

    def words(self) -> list[str]:
        """The conditions in force, in words."""
        view = [] if self.view == "all" else [VIEWS[self.view]]
        return [*view, *self.filterset.words()]


def select(user, params: QueryDict, today: date) -> Selection:
    """What these parameters select for this person; two queries (choices). Values that mean nothing become notes."""
    visible = issues_visible_to(user)
    filterset = LedgerFilter(params, visible, choices=ledger.filter_choices(user, today), today=today)
    view, notes = params.get("tab") or "all", []
    if view not in VIEWS:
        view, notes = "all", [f"没有名为“{view[:20]}”的视图，已显示全部。"]
    default = "due_on" if view in BY_DUE_DATE else "-number"
    order, order_notes = read_order(params.get("sort", ""), page_columns(), default, public="number")
    notes += order_notes + filter_notes(filterset.form)
    return Selection(filterset, visible, ledger.in_view(filterset.qs, view, user, today), order, view, notes)


def page_of(selection: Selection, columns, params: QueryDict, today: date) -> Page:
    """One page of the selection: count and rows; one query more when the column of the measures is shown."""
    with_measures = any(column.key == "measures" for column in columns)
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


def view_tabs(selection: Selection, params: QueryDict, user, today: date) -> list[dict]:
    """Saved views as tabs; those that ask for action carry a count, at most 99+. One query for each count."""
    left_out = {"mine": not ledger.acts_on_issues(user), "unheld": not scope_of(user).act_regions}
    shown = [key for key in VIEWS if not left_out.get(key)]
    return [
        {
            "label": VIEWS[key],
            "url": link(params, tab=None if key == "all" else key, sort=None),
            "active": key == selection.view,
            "count": _count(selection, key, user, today) if key in COUNTED else None,
            "tone": COUNTED.get(key, ""),
        }
        for key in shown
    ]


def _count(selection: Selection, view: str, user, today: date) -> str:
    found = ledger.count_up_to(ledger.in_view(selection.visible, view, user, today))
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


def list_query(raw: str) -> str:
    """A ledger's own query string, cleaned of everything else: the way back from an issue to the list it came from."""
    sent, kept = masked_params(QueryDict(raw[:2000])), QueryDict(mutable=True)
    for name in LIST_PARAMS:
        if name in sent:
            kept.setlist(name, sent.getlist(name)[:40])
    return kept.urlencode()
