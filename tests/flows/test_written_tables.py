"""The tables of issues and plans written down a second time on purpose (docs/rules.md 3): a row that gains or loses
a state or an actor fails here, whatever derives from it. For walks ``walks/tests/test_transition_table.py`` does it."""

from pathlib import Path

import pytest
from django.conf import settings

from campaigns.domain import guards as campaign_guards
from campaigns.domain import transitions as campaigns
from core.guards import asked_before
from core.transitions import Table, Transition
from issues.domain import guards as issue_guards
from issues.domain import transitions as issues
from issues.domain.enquiries import guards as enquiry_guards
from issues.domain.enquiries import transitions as enquiries
from issues.domain.extensions import guards as extension_guards
from issues.domain.extensions import transitions as extensions
from issues.domain.lookback import guards as look_back_guards
from issues.domain.lookback import transitions as look_backs
from issues.domain.needs import guards as need_guards
from issues.domain.needs import transitions as needs
from issues.domain.slips import guards as slip_guards
from issues.domain.slips import transitions as slips
from plans.domain import guards as plan_guards
from plans.domain import transitions as plans
from reports.domain.public_sheet import guards as public_guards
from reports.domain.public_sheet import transitions as public_sheet
from reports.domain.submissions import guards as submission_guards
from reports.domain.submissions import transitions as submissions
from scoring.domain import guards as score_guards
from scoring.domain import transitions as scores
from walks.domain import guards as walk_guards
from walks.domain import transitions as walks

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
    "look_back_pass": ("closed", "verified", "office walker re_walker"),
    "look_back_fail": ("closed", "rectifying", "office walker re_walker"),
    "merge": ("registered assigned disputed planning rectifying", "merged", "office"),
    "dismiss": ("registered disputed", "dismissed", "office"),
    "propose_dismissal": ("registered disputed", None, "office"),
    "note_progress": ("planning rectifying deferred referred", None, "responsible"),
    "confirm_due": ("assigned planning rectifying", None, "lead office"),
    "refuse_due": ("assigned planning rectifying", None, "lead office"),
    "add_measures": ("rectifying", None, "responsible"),
    "note_reply": (
        "registered assigned disputed planning rectifying deferred referred closing closed",
        None,
        "responsible lead office",
    ),
    "amend": (
        "registered assigned disputed planning rectifying deferred referred closing",
        None,
        "responsible lead office",
    ),
    "chase": ("assigned planning rectifying", None, "lead office"),
    "ask_extension": ("planning rectifying", None, "responsible"),
    "grant_extension": ("planning rectifying deferred referred closing", None, "lead office"),
    "deny_extension": ("planning rectifying deferred referred closing", None, "lead office"),
    "withdraw_extension": ("planning rectifying deferred referred closing", None, "responsible"),
    "note_help": ("assigned planning rectifying", None, "cooperating"),
    "track_measures": ("rectifying deferred referred", None, "responsible"),
    "reclassify": ("registered assigned disputed planning rectifying deferred referred closing", None, "lead office"),
    "set_marks": ("registered assigned disputed planning rectifying deferred referred closing", None, "lead office"),
    "note_cause": ("planning rectifying deferred referred closing closed verified", None, "responsible lead office"),
    "mark_practice": ("closed verified", None, "lead office"),
    "unmark_practice": ("closed verified", None, "lead office"),
}
CAMPAIGNS = {
    "issue": ("draft", "issued", "office system"),
    "begin": ("issued", "running", "system"),
    "amend": ("issued running", None, "office"),
    "summarise": ("running", "summarised", "office"),
    "archive": ("summarised", "archived", "office"),
    "copy": ("running summarised archived", None, "office"),
}
EXTENSIONS = {
    "grant": ("asked", "granted", "lead office"),
    "deny": ("asked", "denied", "lead office"),
    "withdraw": ("asked", "withdrawn", "responsible"),
    "lapse": ("asked", "withdrawn", "system"),
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
ENQUIRY = {
    "complete": ("enquiry_open", "enquiry_answered", "system"),
    "end": ("enquiry_open", "enquiry_ended", "sender"),
}
REPLY = {
    "found": ("reply_waiting", "reply_found", "asked"),
    "none": ("reply_waiting", "reply_none", "asked"),
    "drop": ("reply_waiting", "reply_dropped", "system"),
}
LOOK_BACKS = {
    "judge": ("look_back_bound", None, "walking"),
    "unbind": ("look_back_bound", "look_back_void", "walking"),
    "pass": ("look_back_bound", "look_back_passed", "system"),
    "fail": ("look_back_bound", "look_back_failed", "system"),
    "lapse": ("look_back_bound", "look_back_void", "system"),
}
SLIPS = {
    "answer": ("slip_issued", "slip_answered", "responsible"),
    "accept": ("slip_answered", "slip_accepted", "office"),
    "return": ("slip_answered", "slip_issued", "office"),
    "supersede": ("slip_issued slip_answered", "slip_superseded", "system"),
    "settle": ("slip_issued slip_answered", "slip_accepted", "system"),
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
GUARDS = {
    "campaigns": (campaigns.TABLE, campaign_guards),
    "issues": (issues.TABLE, issue_guards),
    "walks": (walks.TABLE, walk_guards),
    "plans": (plans.TABLE, plan_guards),
    "extensions": (extensions.TABLE, extension_guards),
    "needs": (needs.TABLE, need_guards),
    "slips": (slips.TABLE, slip_guards),
    "look backs": (look_backs.TABLE, look_back_guards),
    "enquiries": (enquiries.ENQUIRY, enquiry_guards),
    "replies": (enquiries.REPLY, enquiry_guards),
    "submissions": (submissions.TABLE, submission_guards),
    "objections": (scores.OBJECTION, score_guards),
    "notes": (scores.NOTE, score_guards),
    "public": (public_sheet.TABLE, public_guards),
}
# What looks at nothing that was entered; every other guard is asked at the step alone.
BEFORE = {
    "issues": "own_unit_only own_issue not_own_date planned_before not_planned_before second_dispute_to_office "
    "dispute_in_time strike_off_side another_person not_the_closer second_person not_yet_proposed due_awaits "
    "confirming_side interim_date_stands review_reached no_open_extension not_yet_expired extension_open "
    "extension_decider not_own_unit came_in is_practice",
    "campaigns": "ended",
    "walks": "not_archived own_plan not_reported_before",
    "plans": "not_archived unit_bound is_adjustment no_other_adjustment",
    "look backs": "another_person before_signing",
    "submissions": "not_archived has_next_hop",
    "objections": "another_person",
}
WRITTEN = {
    "campaigns": (campaigns.TABLE, CAMPAIGNS),
    "issues": (issues.TABLE, ISSUES),
    "plans": (plans.TABLE, PLANS),
    "extensions": (extensions.TABLE, EXTENSIONS),
    "needs": (needs.TABLE, NEEDS),
    "slips": (slips.TABLE, SLIPS),
    "look backs": (look_backs.TABLE, LOOK_BACKS),
    "enquiries": (enquiries.ENQUIRY, ENQUIRY),
    "replies": (enquiries.REPLY, REPLY),
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


def test_every_table_has_its_guards_here():
    assert set(GUARDS) == {*WRITTEN, "walks"}
    modules = (campaigns, issues, walks, plans, extensions, slips, enquiries, look_backs, needs, submissions, scores)
    modules += (public_sheet,)
    files = set(Path(settings.BASE_DIR).glob("*/domain/**/transitions.py"))
    assert files == {Path(module.__file__) for module in modules}


@pytest.mark.parametrize(("name", "table", "guards"), [(name, *of) for name, of in GUARDS.items()], ids=GUARDS)
def test_every_guard_says_whether_it_is_asked_before_its_step_is_offered(name: str, table: Table, guards):
    before = {guard for row in table for guard in asked_before(guards, row)}
    assert before == set(BEFORE.get(name, "").split())


def test_a_guard_without_a_mark_stops_the_pages_of_its_machine():
    row = Transition("erase", "删除", ("open",), None, ("owner",), ("reason", "no_longer_needed"))
    with pytest.raises(LookupError, match="no_longer_needed"):
        asked_before(plan_guards, row)
