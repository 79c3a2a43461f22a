"""Every form sent twice from one page: by somebody who saw an older version, and with other words under the same key.
Neither overwrites anything in silence, and what was typed the second time is on the page that refuses it."""

from dataclasses import replace

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from core.idempotency import FIELD, new_key
from tests.access.test_full_disk_forms import FORM_PAGES, FormCase, route_of
from tests.page_forms import PageForm
from tests.scale import sample_of, scaled

OTHER = {
    "text": "窗口无人引导，老人",
    "textarea": "窗口无人引导，老人",
    "email": "other@example.org",
    "url": "https://example.org/b",
}
TEXTS = ("text", "textarea")
VERSIONS = ("seen", "version")
# Shown anew without saving; of the unmasking each press is an entry of the audit with its own reason.
SHOWN_ANEW = {"plan_edit", "logout", "password", "login", "people_unmask", "issue_unmask", "contacts_unmask"}


class TestForms(FormCase):
    def test_a_form_of_an_older_version_and_a_key_with_other_words_are_refused(self):
        wrong, stale, reused = [], set(), set()
        for browser, form in self.every_form(sample_of(FORM_PAGES, scaled(20, len(FORM_PAGES)), of="stale forms")):
            route, typed = route_of(form), {name: kind for name, kind in form.kinds.items() if kind in OTHER}
            if route in SHOWN_ANEW or not typed:
                continue
            again = replace(form, fields=form.fields | {name: [OTHER[kind]] for name, kind in typed.items()})
            # What stood in a field before is changed by the first one too.
            stood = {
                name: [form.fields[name][0] + "甲"]
                for name, kind in typed.items()
                if kind in TEXTS and name not in form.texts
            }
            form = replace(form, fields=form.fields | stood)
            if any(name in form.fields for name in VERSIONS):
                fresh = replace(again, fields=again.fields | {FIELD: [new_key()]})
                if answer := second_answer(browser, form, fresh):
                    stale.add(route)
                    wrong += fault(f"{route} of an older version", answer, 409)
            if FIELD in form.fields and (answer := second_answer(browser, form, again)):
                reused.add(route)
                wrong += fault(f"{route} under the same key", answer, 422)
        assert wrong == []
        assert len(stale) > scaled(0, 15), sorted(stale)
        assert len(reused) > scaled(2, 40), sorted(reused)


def second_answer(browser: Client, form: PageForm, second: PageForm) -> HttpResponse | None:
    """The answer to ``second`` after ``form`` was carried out; None where it was not. All of it is taken back."""
    cookies = browser.cookies.copy()
    with transaction.atomic():
        first = browser.post(form.action, form.fields)
        answer = browser.post(second.action, second.fields) if is_saved(first) else None
        transaction.set_rollback(True)
    browser.cookies = cookies
    return answer


def is_saved(answer: HttpResponse) -> bool:
    return answer.status_code == 302 or (answer.status_code == 200 and "data-saved" in answer.content.decode())


def fault(what: str, answer: HttpResponse, status: int) -> list[str]:
    """A state that has moved on refuses first (409, 403, 404); the words are kept whatever refuses."""
    if answer.status_code == 302 or answer.status_code >= 500:
        return [f"{what}: {answer.status_code}"]
    kept = any(words in answer.content.decode() for words in OTHER.values()) or answer.status_code in (403, 404)
    return (
        [] if kept and answer.status_code in {status, 400, 403, 404, 409} else [f"{what}: {answer.status_code}, {kept}"]
    )
