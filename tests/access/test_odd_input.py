"""What nobody means to send: every parameter of every page and every field of every form, one after the other, with
each odd value. Nothing of it is an error of the product, and no text that was accepted is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from issues.forms.actions import ACTION_FORMS
from tests.access.table import POLICY
from tests.access.test_matrix import WorldCase
from tests.cast import PASSWORD, issue_in
from tests.page_forms import PageForm, forms_of
from tests.scale import sample_of, scaled

DAY, TYPED = "2022-06-08", "排队两小时"
# Percent-encoded as a browser sends them; the second is half of a pair of surrogates, which is no text at all.
MARK = "奇𬭎💥‮记"
ODD = {
    "nul": "a%00b",
    "surrogate": "%ED%A0%80",
    "script": quote("'\"><script>alert(1)</script>{{7*7}}%s' OR 1=1 --"),
    "mark": quote(MARK),
    "beyond 64 bit": "9" * 30,
    "2**63": str(2**63),
    "negative": "-1",
    "exponent": "1e400",
    "wide digits": quote("１２"),
    "day 1": "0001-01-01",
    "last day": "9999-12-31",
    "moment 1": "0001-01-01T00%3A00",
    "last moment": "9999-12-31T23%3A59",
    "no day": "2022-02-30",
    "month": "0000-00",
    "blank": "%20%20",
    "empty": "",
    "list": "%5B1%2C2%5D",
    "path": "..%2F..%2Fetc%2Fpasswd",
    "long": quote("字") * 3_000,
}
MILLION = quote("字") * 350_000
# Names every list knows, beside those its own form and links have.
PARAMS = ("q", "tab", "sort", "page", "after", "before", "list", "show", "period", "next", "version", "cols")
# Signing out ends the tour; the start of a draw and of a merger only asks what comes next.
LEFT_OUT = {"logout"}
TEXTS = ("text", "textarea", "search")
PAGES = tuple(name for name, row in POLICY.items() if row.get)


class OddCase(WorldCase):
    def setUp(self):
        self.sent = 0

    def reader(self, name: str) -> Client | None:
        row, relation = POLICY[name], "own" if POLICY[name].kind else "none"
        readers = [who for who in self.browsers if row.get.expected(who, relation) == 200]
        return self.browsers[readers[0]] if readers else None

    def opened(self, browser: Client, address: str) -> HttpResponse:
        self.sent += 1
        with taken_back(browser):
            answer = browser.get(address)
            if answer.streaming:
                b"".join(answer)
        return answer


@contextmanager
def taken_back(browser: Client) -> Iterator[None]:
    cookies = browser.cookies.copy()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    browser.cookies = cookies


def is_html(answer: HttpResponse) -> bool:
    return not answer.streaming and answer["Content-Type"].startswith("text/html")


class TestAddresses(OddCase):
    def test_no_parameter_breaks_a_page(self):
        broken = []
        for name in sample_of(PAGES, scaled(12, len(PAGES)), of="odd addresses"):
            if browser := self.reader(name):
                address = self.url(name, "own" if POLICY[name].kind else "absent")
                for param in params_of(self.opened(browser, address), address):
                    for kind in sample_of(tuple(ODD), scaled(1, len(ODD)), of=f"{name} {param}"):
                        status = self.opened(browser, f"{address}?{param}={ODD[kind]}").status_code
                        broken += [f"{name} {param} {kind}: {status}"] * (status >= 500)
        print(f"{self.sent} addresses")
        assert broken == []


def params_of(answer: HttpResponse, address: str) -> list[str]:
    """What may be asked of the page: the names in its forms and in its links to itself."""
    if not is_html(answer):
        return list(PARAMS)
    tree = html.fromstring(answer.content.decode())
    names = {one.get("name") for form in tree.iter("form") if form.get("method", "get").lower() == "get"
             for one in form.iter("input", "select") if one.get("name")}  # fmt: skip
    for link in tree.iter("a"):
        asked = urlsplit(urljoin(address, link.get("href") or ""))
        if asked.path == address:
            names |= {name for name, _ in parse_qsl(asked.query, keep_blank_values=True)}
    return sorted(names | set(PARAMS))


class TestForms(OddCase):
    def test_no_field_breaks_a_form_and_no_text_is_lost(self):
        broken, done = [], set()
        for name in sample_of(PAGES, scaled(10, len(PAGES)), of="odd forms"):
            browser = self.reader(name)
            if browser is None or name.startswith("api-"):
                continue
            address = self.url(name, "own" if POLICY[name].kind else "absent")
            answer = self.opened(browser, address)
            for form in forms_on(answer, address):
                key = (urlsplit(form.action).path, *form.fields)
                if key not in done:
                    done.add(key)
                    broken += self.tried(browser, form)
        print(f"{self.sent} forms and pages")
        assert broken == []

    def tried(self, browser: Client, form: PageForm) -> Iterator[str]:
        for field, values in form.fields.items():
            if field == "csrfmiddlewaretoken":
                continue
            for kind in sample_of(tuple(ODD), scaled(1, len(ODD)), of=f"{form.action} {field}"):
                status, is_kept = self.answered(browser, form, field, ODD[kind])
                if status >= 500:
                    yield f"{form.action} {field} {kind}: {status}"
                elif kind == "mark" and form.kinds.get(field) in TEXTS and status == 302 and not is_kept:
                    yield f"{form.action} {field} was {values}: accepted and not kept"
        if form.texts:
            status, _ = self.answered(browser, form, form.texts[0], MILLION)
            if status >= 500 or status == 302:
                yield f"{form.action} {form.texts[0]} of a million: {status}"

    def answered(self, browser: Client, form: PageForm, field: str, odd: str) -> tuple[int, bool]:
        """(status, whether ``MARK`` was written) of the form with that field in the place of its own."""
        self.sent += 1
        written = Written()
        fields = {name: values for name, values in form.fields.items() if name != field}
        body = f"{urlencode(fields, doseq=True)}&{field}={odd}"
        with taken_back(browser), connection.execute_wrapper(written):
            answer = browser.post(form.action, body, content_type="application/x-www-form-urlencoded")
            if answer.streaming:
                b"".join(answer)
        return answer.status_code, written.is_marked


def forms_on(answer: HttpResponse, address: str) -> list[PageForm]:
    if not is_html(answer):
        return []
    found = []
    for form in forms_of(answer.content.decode(), address, typed=TYPED, day=DAY, password=PASSWORD):
        try:
            route = resolve(urlsplit(form.action).path).url_name
        except Resolver404:
            continue
        if form.method == "post" and route not in LEFT_OUT:
            found.append(form)
    return found


class Written:
    """Whether a statement that writes carried ``MARK``."""

    is_marked = False

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")):
            text = repr(params)
            # JSON is written with escapes or without.
            self.is_marked = self.is_marked or MARK[:2] in text or "\\u5947" in text
        return execute(sql, params, many, context)


BODIES = {
    "surrogate": '{"note": "\\ud800", "progress": "\\udfff"}',
    "nul": '{"note": "a\\u0000b"}',
    "beyond 64 bit": '{"note": 99999999999999999999999999}',
    "infinite": '{"note": 1e400, "version": -1e400}',
    "no number": '{"note": NaN}',
    "list": '{"note": ["a", "b"]}',
    "nested": '{"note": {"a": [1]}}',
    "null": '{"note": null}',
    "truth": '{"note": true}',
    "twice": '{"note": "a", "note": "b"}',
    "array": "[1, 2]",
    "text": '"a"',
    "nothing": "null",
    "deep": "[" * 100_000,
    "odd name": '{"note": "a", "\\u0000": "b", "": "c"}',
    "long": '{"note": "' + "x" * 200_000 + '"}',
}
HEADERS = {"Idempotency-Key": ("", "k" * 5_000, "é", "a b"), "If-Match": ("", "*", '"x"', f'"{"9" * 30}"', '"-1"')}


class TestApi(OddCase):
    def test_no_body_and_no_header_breaks_the_api(self):
        issue, browser = issue_in(self.world.cast, "rectifying"), self.browsers["liaison"]
        wrong = []
        for act in sample_of(tuple(ACTION_FORMS), scaled(3, len(ACTION_FORMS)), of="odd acts"):
            url = f"/api/v1/issues/{issue.number}/actions/{act}/"
            for kind, body in BODIES.items():
                wrong += self.fault(browser, url, body, {}, f"{act} {kind}")
            for name, values in HEADERS.items():
                for value in values:
                    wrong += self.fault(browser, url, "{}", {name: value}, f"{act} {name} {value[:9]}")
        print(f"{self.sent} requests")
        assert wrong == []

    def fault(self, browser: Client, url: str, body: str, headers: dict, what: str) -> list[str]:
        self.sent += 1
        sent = {"Idempotency-Key": f"odd-{self.sent}", "If-Match": '"1"'} | headers
        with taken_back(browser):
            answer = browser.post(url, body, content_type="application/json", headers=sent)
        told = answer["Content-Type"].startswith("application/json") and answer.json()
        return [] if told and answer.status_code < 500 else [f"{what}: {answer.status_code}"]
