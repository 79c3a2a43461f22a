"""Every form of the pages with no room left: whatever would write is refused in words, with what was typed.

The forms are those the pages show, filled in field by field. What the disk itself does:
tests/runtime/test_disk_full.py.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from core import storage_state
from tests.access.table import POLICY
from tests.access.test_matrix import WorldCase
from tests.cast import PASSWORD
from tests.page_forms import PageForm, forms_of
from tests.scale import sample_of, scaled

TYPED = "大厅排队两小时，无人引导"
DAY = "2022-06-08"
# Answered without writing: the table of a plan is only shown anew, a box was not ticked, the job is done already.
WRITES_NOTHING = {"plan_edit", "submissions_bulk", "job_cancel", "password", "plan_draw", "logout"}
FORM_PAGES = tuple(name for name, row in POLICY.items() if row.get and not name.startswith("api-"))


@contextmanager
def no_room() -> Iterator[None]:
    """Every statement that writes fails as on a full disk."""

    def refuse(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(refuse):
            yield
    finally:
        storage_state.forget()


class FormCase(WorldCase):
    def every_form(self, names: Iterable[str]) -> Iterator[tuple[Client, PageForm]]:
        """Each form of these pages once, with the browser of somebody who may send it."""
        sent = set()
        for name in names:
            for browser, address in self.pages(name):
                for form in self.forms(browser, address):
                    if form.action not in sent:
                        sent.add(form.action)
                        yield browser, form

    def pages(self, name: str) -> list[tuple[Client, str]]:
        """The page of the route, opened by the first of those who may."""
        row = POLICY[name]
        relation = "own" if row.kind else "none"
        readers = [who for who in self.browsers if row.get.expected(who, relation) == 200]
        return [(self.browsers[who], self.url(name, relation)) for who in readers[:1]]

    def forms(self, browser: Client, address: str) -> list[PageForm]:
        answer = browser.get(address)
        if answer.streaming or not answer["Content-Type"].startswith("text/html"):
            return []
        page = answer.content.decode()
        found = forms_of(page, address, typed=TYPED, day=DAY, password=PASSWORD)
        return [form for form in found if form.method == "post"]


class TestForms(FormCase):
    def test_every_form_is_refused_in_words_and_gives_back_what_was_typed(self):
        wrong, written = [], set()
        for browser, form in self.every_form(sample_of(FORM_PAGES, scaled(40, len(FORM_PAGES)), of="full disk")):
            fault, refused = self.judged(browser, form)
            wrong += fault
            written |= refused
        assert wrong == []
        assert len(written) > scaled(5, 90), sorted(written)

    def judged(self, browser: Client, form: PageForm) -> tuple[list[str], set[str]]:
        """(what is wrong with the answer, the route where something would have been written)."""
        route = route_of(form)
        if route in WRITES_NOTHING:
            return [], set()
        with no_room():
            answer = sent_by(browser, form)
        if answer.status_code != 503:
            # Refused before anything is written, or said at once what the next page would have said.
            is_told = answer.status_code == 200 and "办理结果" in answer.content.decode()
            return ([] if is_told or 400 <= answer.status_code < 500 else [f"{route}: {answer.status_code}"]), set()
        page = answer.content.decode()
        lost = [field for field in form.texts if form.fields[field][0] not in page]
        said = "存储空间已满" in page and answer["Retry-After"] == "30"
        return [f"{route}: {lost} lost"] * bool(lost) + [f"{route}: no words"] * (not said), {route}


def route_of(form: PageForm) -> str:
    return resolve(urlsplit(form.action).path).url_name or ""


def sent_by(browser: Client, form: PageForm) -> HttpResponse:
    """The form as sent without a file; what the request writes is taken back."""
    cookies = browser.cookies.copy()
    with transaction.atomic():
        answer = browser.post(form.action, form.fields)
        transaction.set_rollback(True)
    browser.cookies = cookies
    return answer
