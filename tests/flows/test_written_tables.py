"""The tables of issues and plans written down a second time on purpose (docs/rules.md 3): a row that gains or loses
a state or an actor fails here, whatever derives from it. For walks ``walks/tests/test_transition_table.py`` does it."""

import pytest

from core.transitions import Table
from issues.domain import transitions as issues
from issues.domain.needs import transitions as needs
from plans.domain import transitions as plans
from reports.domain.public_sheet import transitions as public_sheet
from reports.domain.submissions import transitions as submissions
from scoring.domain import transitions as scores

# action: (from, to, who); no target: the record stays in the state it is in.
ISSUES = {
    "register": ("draft", "registered", "system"),
    "fix_on_spot": ("registered", "closing", "discovering responsible"),
    "take": ("registered", "planning", "discovering"),
    "assign": ("registered disputed", "assigned", "office lead"),
    "accept": ("assigned", "planning", "responsible"),
    "dispute": ("assigned", "disputed", "responsible"),
    "plan": ("planning", "rectifying", "responsible"),
    "defer": ("rectifying", "deferred", "lead office"),
    "resume": ("deferred referred", "rectifying", "lead office system"),
    "resume_planning": ("referred", "planning", "lead office"),
    "refer": ("planning rectifying", "referred", "lead office"),
    "request_closing": ("rectifying", "closing", "responsible"),
    "approve_closing": ("closing", "closed", "lead office"),
    "return_closing": ("closing", "rectifying", "lead office"),
    "look_back_pass": ("closed", "verified", "office walker"),
    "look_back_fail": ("closed", "rectifying", "office walker"),
    "merge": ("registered assigned disputed planning rectifying", "merged", "office"),
    "dismiss": ("registered disputed", "dismissed", "office"),
    "propose_dismissal": ("registered disputed", None, "office"),
    "note_progress": ("planning rectifying deferred referred", None, "responsible"),
    "confirm_due": ("assigned planning rectifying", None, "lead office"),
    "refuse_due": ("assigned planning rectifying", None, "lead office"),
    "add_measures": ("rectifying", None, "responsible"),
}
PLANS = {
    "edit": ("draft returned", None, "unit"),
    "submit": ("draft returned", "submitted", "unit"),
    "file": ("submitted", "filed", "receiver office"),
    "return": ("submitted", "returned", "receiver office"),
    "adjust": ("filed", None, "unit"),
    "discard": ("draft returned", "discarded", "unit"),
    "notice": ("filed", None, "unit"),
    "start": ("filed", None, "unit"),
    "supersede": ("filed", "superseded", "system"),
    "carry": ("filed", None, "system"),
}
NEEDS = {
    "register": ("noted", "unanswered", "system"),
    "assign": ("unanswered", None, "lead office"),
    "reply": ("unanswered replied", "replied", "responsible"),
    "return_reply": ("replied", "unanswered", "lead office"),
}
SUBMISSIONS = {
    "send": ("to_send returned", "sent", "unit"),
    "send_zero": ("to_send returned", "sent", "unit"),
    "lock": ("sent", "locked", "checker"),
    "return": ("sent locked", "returned", "checker"),
    "send_on": ("locked", "sent_on", "checker"),
    "receive": ("sent_on", "received", "office"),
    "send_back": ("sent_on received", "returned", "office"),
}


OBJECTIONS = {
    "agree": ("open", "agreed", "office"),
    "refuse": ("open", "refused", "office"),
    "take_back": ("open", "taken_back", "unit"),
}
NOTES = {
    "agree": ("open", "agreed", "other_office"),
    "refuse": ("open", "refused", "other_office"),
    "take_back": ("open", "taken_back", "author"),
}
PUBLIC = {
    "release": ("asked", "released", "second"),
    "decline": ("asked", "declined", "office"),
    "revoke": ("released", "revoked", "office"),
}
WRITTEN = {
    "issues": (issues.TABLE, ISSUES),
    "plans": (plans.TABLE, PLANS),
    "needs": (needs.TABLE, NEEDS),
    "submissions": (submissions.TABLE, SUBMISSIONS),
    "objections": (scores.OBJECTION, OBJECTIONS),
    "notes": (scores.NOTE, NOTES),
    "public": (public_sheet.TABLE, PUBLIC),
}


@pytest.mark.parametrize(("table", "written"), WRITTEN.values(), ids=WRITTEN)
def test_a_table_says_what_is_written_here(table: Table, written: dict):
    assert {row.action for row in table} == set(written)
    for row in table:
        sources, target, actors = written[row.action]
        assert set(row.sources) == set(sources.split()), row.action
        assert (row.target, set(row.actors)) == (target, set(actors.split())), row.action
