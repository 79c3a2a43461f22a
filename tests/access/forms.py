"""The pages of the policy table and their forms, as somebody opens them who may; what a request writes is undone."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from lxml import html

from tests.access.table import POLICY
from tests.access.test_matrix import WorldCase
from tests.cast import PASSWORD
from tests.page_forms import PageForm, forms_of

TYPED, DAY = "大厅排队两小时，无人引导", "2022-06-08"
PAGES = tuple(name for name, row in POLICY.items() if row.get)
FORM_PAGES = tuple(name for name in PAGES if not name.startswith("api-"))
# Names every list knows, beside those its own form and links have.
PARAMS = ("q", "tab", "sort", "page", "after", "before", "list", "show", "period", "next", "version", "cols")


class FormCase(WorldCase):
    def setUp(self):
        self.sent = 0

    def page(self, name: str) -> tuple[Client, str] | None:
        """The page of the route, for the first of those who may open it; None where it is nobody's."""
        row = POLICY[name]
        relation = "own" if row.kind else "none"
        readers = [who for who in self.browsers if row.get.expected(who, relation) == 200]
        return (self.browsers[readers[0]], self.url(name, relation)) if readers else None

    def every_form(self, names: Iterable[str]) -> Iterator[tuple[Client, PageForm]]:
        """Each form of these pages once; signing out would end the tour."""
        sent = set()
        for name in names:
            if found := self.page(name):
                browser, address = found
                for form in forms_on(self.opened(browser, address), address):
                    key = (urlsplit(form.action).path, *form.fields)
                    if key not in sent and route_of(form) != "logout":
                        sent.add(key)
                        yield browser, form

    def opened(self, browser: Client, address: str) -> HttpResponse:
        self.sent += 1
        with taken_back(browser):
            return read(browser.get(address))


@contextmanager
def taken_back(browser: Client) -> Iterator[None]:
    cookies = browser.cookies.copy()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    browser.cookies = cookies


def read(answer: HttpResponse) -> HttpResponse:
    """The answer, once it is read to its end: a file that is sent is closed then."""
    if answer.streaming:
        b"".join(answer)
    return answer


def posted(browser: Client, form: PageForm) -> HttpResponse:
    """The answer to the form, sent without its files."""
    with taken_back(browser):
        return read(browser.post(form.action, form.fields))


def route_of(form: PageForm) -> str:
    return resolve(urlsplit(form.action).path).url_name or ""


def forms_on(answer: HttpResponse, address: str) -> list[PageForm]:
    if not _is_page(answer):
        return []
    found = forms_of(answer.content.decode(), address, typed=TYPED, day=DAY, password=PASSWORD)
    return [form for form in found if form.method == "post"]


def params_on(answer: HttpResponse, address: str) -> list[str]:
    """What may be asked of the page: the names in its forms and in its links to itself."""
    names = set(PARAMS)
    if _is_page(answer):
        tree = html.fromstring(answer.content.decode())
        asking = [form for form in tree.iter("form") if form.get("method", "get").lower() == "get"]
        names |= {one.get("name") for form in asking for one in form.iter("input", "select") if one.get("name")}
        for link in tree.iter("a"):
            asked = urlsplit(urljoin(address, link.get("href") or ""))
            if asked.path == address:
                names |= {name for name, _ in parse_qsl(asked.query, keep_blank_values=True)}
    return sorted(names)


def _is_page(answer: HttpResponse) -> bool:
    is_html = not answer.streaming and answer["Content-Type"].startswith("text/html")
    return is_html and bool(answer.content.strip())


class Written:
    """Whether a statement that writes carried the text."""

    def __init__(self, text: str):
        self.text, self.is_written = text, False

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")):
            # JSON is written with escapes or without.
            values = "\n".join(str(one) for row in (params if many else [params]) for one in row or ())
            self.is_written = self.is_written or self.text in values or json.dumps(self.text)[1:-1] in values
        return execute(sql, params, many, context)
