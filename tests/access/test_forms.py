"""Every page and every form of the policy table under trouble: no room left, an older page, a key used before, and what
nobody means to send. Forms are filled in field by field; each value is sent in the place of one field at a time.

What the disk itself does: tests/runtime/test_disk_full.py.
"""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from core.idempotency import FIELD, new_key
from issues.forms.actions import ACTION_FORMS
from tests.access.forms import (
    FORM_PAGES,
    PAGES,
    FormCase,
    Written,
    params_on,
    posted,
    read,
    route_of,
    taken_back,
)
from tests.cast import issue_in
from tests.full_disk import full_disk
from tests.page_forms import PageForm
from tests.scale import sample_of, scaled

# Answered without writing: the table of a plan is only shown anew, no box was ticked, the job is done already.
WRITES_NOTHING = {"plan_edit", "submissions_bulk", "job_cancel", "password"}
# Shown anew without saving; of the unmasking each press is an entry of the audit with its own reason.
SHOWN_ANEW = {"plan_edit", "password", "login", "people_unmask", "issue_unmask", "contacts_unmask"}
TEXTS, VERSIONS = ("text", "textarea"), ("seen", "version")
OTHER = {
    "text": "窗口无人引导，老人",
    "textarea": "窗口无人引导，老人",
    "email": "other@example.org",
    "url": "https://example.org/b",
}
MARK = "奇𬭎💥记"
# Percent-encoded as a browser sends them; the second is half of a pair of surrogates, which is no text at all.
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
BODIES = {
    "surrogate": '{"note": "\\ud800", "progress": "\\udfff"}',
    "nul": '{"note": "a\\u0000b"}',
    "beyond 64 bit": '{"note": 99999999999999999999999999}',
    "infinite": '{"note": 1e400, "version": -1e400}',
    "no number": '{"note": NaN}',
    "list": '{"note": ["a", "b"]}',
    "nested": '{"note": {"a": [1]}}',
    "null": '{"note": null}',
    "array": "[1, 2]",
    "text": '"a"',
    "nothing": "null",
    "deep": "[" * 100_000,
    "odd name": '{"note": "a", "\\u0000": "b", "": "c"}',
    "long": '{"note": "' + "x" * 200_000 + '"}',
}
HEADERS = {"Idempotency-Key": ("", "k" * 5_000, "é", "a b"), "If-Match": ("", "*", '"x"', f'"{"9" * 30}"', '"-1"')}


class TestForms(FormCase):
    def test_with_no_room_left_a_form_is_refused_in_words_and_gives_back_what_was_typed(self):
        wrong, written = [], set()
        for browser, form in self.every_form(sample_of(FORM_PAGES, scaled(40, len(FORM_PAGES)), of="full disk")):
            if (route := route_of(form)) in WRITES_NOTHING:
                continue
            with full_disk():
                answer = posted(browser, form)
            page = "" if answer.streaming else answer.content.decode()
            if answer.status_code == 503:
                written.add(route)
                lost = [field for field in form.texts if form.fields[field][0] not in page]
                is_told = "存储空间已满" in page and answer["Retry-After"] == "30"
                wrong += [f"{route}: {lost} lost, told: {is_told}"] * (bool(lost) or not is_told)
            # Refused before anything is written, or said at once what the next page would have said.
            elif not (400 <= answer.status_code < 500 or "办理结果" in page):
                wrong.append(f"{route}: {answer.status_code}")
        assert wrong == []
        assert len(written) >= scaled(1, 91), sorted(written)

    def test_an_older_page_and_a_key_with_other_words_overwrite_nothing_and_keep_what_was_typed(self):
        wrong, stale, reused = [], set(), set()
        for browser, form in self.every_form(sample_of(FORM_PAGES, scaled(20, len(FORM_PAGES)), of="stale forms")):
            route, typed = route_of(form), {name: kind for name, kind in form.kinds.items() if kind in OTHER}
            if route in SHOWN_ANEW or not typed:
                continue
            again = form.with_fields(**{name: [OTHER[kind]] for name, kind in typed.items()})
            # What stood in a field before is changed by the first one too.
            stood = [name for name, kind in typed.items() if kind in TEXTS and name not in form.texts]
            first = form.with_fields(**{name: [form.fields[name][0] + "甲"] for name in stood})
            if any(name in form.fields for name in VERSIONS):
                fresh = again.with_fields(**{FIELD: [new_key()]})
                if answer := second_answer(browser, first, fresh):
                    stale.add(route)
                    wrong += fault(f"{route} of an older page", answer, 409)
            if FIELD in form.fields and (answer := second_answer(browser, first, again)):
                reused.add(route)
                wrong += fault(f"{route} under the same key", answer, 422)
        assert wrong == []
        assert len(stale) >= scaled(0, 16), sorted(stale)
        assert len(reused) >= scaled(0, 41), sorted(reused)

    @pytest.mark.both_databases
    def test_no_parameter_breaks_a_page(self):
        broken = []
        for name in sample_of(PAGES, scaled(12, len(PAGES)), of="odd addresses"):
            if found := self.page(name):
                browser, address = found
                for param in params_on(self.opened(browser, address), address):
                    for kind in sample_of(tuple(ODD), scaled(1, len(ODD)), of=f"{name} {param}"):
                        status = self.opened(browser, f"{address}?{param}={ODD[kind]}").status_code
                        broken += [f"{name} {param} {kind}: {status}"] * (status >= 500)
        print(f"{self.sent} addresses")
        assert broken == []

    @pytest.mark.both_databases
    def test_no_field_breaks_a_form_and_no_text_that_was_accepted_is_lost(self):
        broken = []
        for browser, form in self.every_form(sample_of(FORM_PAGES, scaled(8, len(FORM_PAGES)), of="odd forms")):
            broken += self.tried(browser, form)
        print(f"{self.sent} forms and pages")
        assert broken == []

    def tried(self, browser: Client, form: PageForm) -> Iterator[str]:
        for field in form.fields:
            for kind in sample_of(tuple(ODD), scaled(1, len(ODD)), of=f"{form.action} {field}"):
                status, is_kept = self.answered(browser, form, field, ODD[kind])
                if status >= 500:
                    yield f"{form.action} {field} {kind}: {status}"
                elif kind == "mark" and form.kinds.get(field) in TEXTS and status == 302 and not is_kept:
                    yield f"{form.action} {field}: accepted and not kept"
        if form.texts:
            status, _ = self.answered(browser, form, form.texts[0], MILLION)
            if status >= 500 or status == 302:
                yield f"{form.action} {form.texts[0]} of a million: {status}"

    def answered(self, browser: Client, form: PageForm, field: str, odd: str) -> tuple[int, bool]:
        """(status, whether ``MARK`` was written) of the form with that field in the place of its own."""
        self.sent += 1
        written = Written(MARK)
        fields = {name: values for name, values in form.fields.items() if name != field}
        body = f"{urlencode(fields, doseq=True)}&{field}={odd}"
        with taken_back(browser), connection.execute_wrapper(written):
            answer = read(browser.post(form.action, body, content_type="application/x-www-form-urlencoded"))
        return answer.status_code, written.is_written

    @pytest.mark.both_databases
    def test_no_body_and_no_header_breaks_the_api(self):
        issue, browser, wrong = issue_in(self.world.cast, "rectifying"), self.browsers["liaison"], []
        asked = [(kind, body, {}) for kind, body in BODIES.items()]
        asked += [(f"{name} {one[:9]}", "{}", {name: one}) for name, values in HEADERS.items() for one in values]
        for act in sample_of(tuple(ACTION_FORMS), scaled(2, len(ACTION_FORMS)), of="odd acts"):
            url = f"/api/v1/issues/{issue.number}/actions/{act}/"
            for number, (kind, body, given) in enumerate(asked):
                headers = {"Idempotency-Key": f"odd-{act}-{number}", "If-Match": '"1"'} | given
                with taken_back(browser):
                    answer = browser.post(url, body, content_type="application/json", headers=headers)
                is_json = answer["Content-Type"].startswith("application/json")
                wrong += [f"{act} {kind}: {answer.status_code}"] * (answer.status_code >= 500 or not is_json)
        assert wrong == []


def second_answer(browser: Client, first: PageForm, second: PageForm) -> HttpResponse | None:
    """The answer to ``second`` after ``first`` was carried out; None where it was not."""
    with taken_back(browser):
        done = browser.post(first.action, first.fields)
        is_done = done.status_code == 302 or (done.status_code == 200 and "data-saved" in done.content.decode())
        return browser.post(second.action, second.fields) if is_done else None


def fault(what: str, answer: HttpResponse, status: int) -> list[str]:
    """Where the state has moved on that is refused first (403, 404, 409); the words are kept wherever there is a
    record to keep them for."""
    if answer.status_code not in {status, 400, 403, 404, 409}:
        return [f"{what}: {answer.status_code}"]
    kept = any(words in answer.content.decode() for words in OTHER.values()) or answer.status_code in (403, 404)
    return [] if kept else [f"{what}: {answer.status_code}, words lost"]
