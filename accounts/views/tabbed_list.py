"""A list with filters and tabs in its address, and the workbook of what the page selects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.scope import home_region
from core.list_book import ListBook, as_file, write_book
from core.listing import Order, count_views, filter_notes, link, paginate


@dataclass(frozen=True)
class TabbedList:
    """``form``: the filters (``narrow``); ``visible``: the rows a person sees; ``views``: {tab: which of them}, on a
    day; ``labels``: the tabs by name, in order; ``first``: the tab of an address without one. ``route``: the name of
    the page, with ``_export`` behind it that of its workbook."""

    form: type
    visible: Callable[[User], QuerySet]
    views: Callable[[User, date], dict[str, Q]]
    labels: Mapping[str, str]
    first: str
    order: Order
    book: ListBook
    route: str
    template: str

    def page(self, request: HttpRequest, **more: object) -> HttpResponse:
        """The page; ``more``: what its template shows besides. The tab of what is late is marked."""
        today = timezone.localdate()
        form, rows, views, tab = self._selected(request, today)
        counts = count_views(rows, views)
        read = lambda found: self.book.read(found, today)  # noqa: E731
        page = paginate(rows.filter(views[tab]), order=self.order, params=request.GET, read=read)
        tabs = [
            {
                "label": label,
                "url": link(request.GET, tab=name),
                "active": name == tab,
                "count": counts[name],
                "tone": "danger" if name == "late" and counts[name] else "",
            }
            for name, label in self.labels.items()
            if name in views
        ]
        context = {"form": form, "notes": filter_notes(form) + page.notes, "tabs": tabs, "page": page}
        context["export_url"] = reverse(f"{self.route}_export") + link(request.GET)
        return render(request, self.template, context | more)

    def workbook(self, request: HttpRequest) -> FileResponse:
        """All rows of the tab, in the order of the page."""
        today = timezone.localdate()
        _, rows, views, tab = self._selected(request, today)
        found = rows.filter(views[tab]).order_by(*self.order.by())
        written = write_book(
            self.book,
            found,
            actor=request.user,
            today=today,
            place=home_region(request.user),
            what=self.labels[tab],
        )
        return as_file(written)

    def _selected(self, request: HttpRequest, today: date) -> tuple:
        """(form, the rows it asks for, {tab: which of them}, tab)."""
        form = self.form(request.GET, user=request.user)
        views, tab = self.views(request.user, today), request.GET.get("tab")
        return form, form.narrow(self.visible(request.user)), views, tab if tab in views else self.first
