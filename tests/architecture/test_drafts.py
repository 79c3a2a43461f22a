"""A form into which somebody types is kept in the browser until it is saved, or says here why it is not: a session that
ends in the middle of typing loses nothing."""

import re

from tests.architecture.imports import expect_none
from tests.architecture.test_templates import TEMPLATES, name, text

FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
TYPED = re.compile(r"{% field|<textarea|<select|<input [^>]*type=\"(text|search|number|date)\"")
COVERT = "a shared browser would tell of a covert walk (docs/rules.md section 4)"
SECRET = "passwords and keys are kept nowhere"
FILE = "a file is chosen anew, what stands beside it is a choice or two"
CHOSEN = "what is ticked was ticked on a list that may be another by then"
NOT_KEPT = {
    "walks/covert/add.html": COVERT,
    "walks/covert/postpone.html": COVERT,
    "walks/covert/readers.html": COVERT,
    "accounts/login.html": SECRET,
    "accounts/password.html": SECRET,
    "accounts/start.html": SECRET,
    "notifications/channel.html": SECRET,
    "home/campaign_finish.html": SECRET,
    "errors/_again.html": "holds what was sent, to send it again",
    "core/table_upload.html": FILE,
    "core/table_columns.html": "read anew from the file, which says most of it",
    "campaigns/must_walk/import.html": FILE,
    "campaigns/calendar/year.html": FILE,
    "campaigns/hotline/import.html": FILE,
    "plans/import.html": FILE,
    "reports/summary/own_template.html": FILE,
    "accounts/roles.html": CHOSEN,
    "accounts/people_passwords.html": CHOSEN,
    "issues/bulk/preview.html": CHOSEN,
    "issues/chases/preview.html": CHOSEN,
    "issues/enquiries/chase.html": CHOSEN,
    "issues/lookback/bind.html": "one choice",
}


def test_what_is_typed_is_kept_or_says_why_not():
    unkept = {
        name(path)
        for path in TEMPLATES
        for form in FORM.findall(text(path))
        if 'method="post"' in form and "data-draft=" not in form and TYPED.search(form)
    }
    assert unkept - set(NOT_KEPT) == set()
    assert set(NOT_KEPT) - unkept == set(), "named, and kept now or gone"


def test_what_the_server_shows_again_is_newer_than_the_draft():
    kept = [(name(path), form) for path in TEMPLATES for form in FORM.findall(text(path)) if "data-draft=" in form]
    expect_none([place for place, form in kept if 'method="post"' in form and "data-unsaved" not in form])
