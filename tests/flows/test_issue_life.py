"""The life of an issue, step by step at random: whoever does whatever, at any moment, from any version that was seen.

``make soak`` takes 10,000 steps and more on each database. What is expected comes from the table that was written down
a second time (``test_written_tables.py``) and from the words of docs/trust.md, never from the product's own tables.
"""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core import audit
from core.exceptions import DomainError
from core.models import AuditEntry
from issues.domain import lifecycle
from issues.domain.measure_progress import MeasureNote
from issues.domain.overdue import overdue_q
from issues.models import Issue, IssueEvent
from tests.cast import NOON, build_cast, reported_walk
from tests.flows.test_written_tables import ISSUES
from tests.scale import scaled

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.clock(NOON)]
STEPS, LIVES = 50, scaled(3, 260)
PERSONAS = (
    *("principal", "deputy", "liaison", "responsible", "second_liaison", "lead", "office", "office_second"),
    *("supervisor", "office_other_county", "namesake", "sysadmin"),
)
ENDED = ("merged", "dismissed")
# What is told without taking a newer version (several at once do not stand in each other's way).
KEEPS_VERSION = ("chase", "note_help")
# The one step that begins another round.
NEXT_ROUND = "look_back_fail"
FIXED = ("number", "campaign_id", "walk_id", "region_id", "discovering_department_id", "found_on", "description")
TAKEN: Counter = Counter()


def parts_of(cast, persona: str, issue: Issue) -> set[str]:
    """What the person is to the issue, by the rules of the product's documents."""
    own = {"principal": cast.unit, "deputy": cast.unit, "liaison": cast.unit, "responsible": cast.unit}
    own |= {"second_liaison": cast.second_unit, "lead": cast.lead_unit}
    parts = {"office"} if persona in ("office", "office_second") else set()
    if persona == "lead":
        parts.add("lead")
    if persona in ("principal", "deputy", "liaison"):
        parts.add("discovering")
    if persona == "principal":
        parts.add("walker")
    if issue.responsible_department_id and own.get(persona) == issue.responsible_department:
        parts.add("responsible")
    return parts


class IssueLife(RuleBasedStateMachine):
    """One issue beside another; every step is drawn, and its outcome compared with what was written down."""

    @initialize()
    def begin(self):
        self.ended = transaction.atomic()
        self.ended.__enter__()
        self.cast = build_cast()
        _, [self.issue, self.beside] = reported_walk(self.cast, problems=2)
        self.now, self.versions = NOON, [self.issue.version]
        self.first_due = None
        self.stored = self.read()

    def teardown(self):
        if hasattr(self, "ended"):
            transaction.set_rollback(True)
            self.ended.__exit__(None, None, None)

    def read(self) -> Issue:
        return Issue.objects.select_related("campaign", "walk", "responsible_department").get(pk=self.issue.pk)

    def counts(self) -> tuple:
        return IssueEvent.objects.count(), AuditEntry.objects.count(), Issue.objects.count()

    @rule(dice=st.randoms(use_true_random=True))
    def somebody_acts(self, dice):
        """Some days later anybody takes any action, with good or empty data, on the version that stands or on an
        earlier one; mostly somebody who may, something that leads on."""
        self.now += timedelta(days=dice.choice([0, 0, 0, 0, 1, 1, 3, 30]))
        sensible = dice.random() < 0.85
        actions, people = sorted(ISSUES), PERSONAS
        if sensible:
            leads_on = [one for one in actions if self.stored.state in ISSUES[one][0].split()]
            moves = [one for one in leads_on if ISSUES[one][1] and ISSUES[one][1] not in ENDED]
            actions = (moves if moves and dice.random() < 0.6 else leads_on) or actions
        action = dice.choice(actions)
        if sensible:
            who = set(ISSUES[action][2].split())
            people = [one for one in PERSONAS if parts_of(self.cast, one, self.stored) & who] or PERSONAS
        version = self.stored.version if sensible else dice.choice(self.versions[-3:])
        told = self.data(dice) if sensible or dice.random() < 0.5 else {}
        self.act(action, dice.choice(people), version, told)

    def data(self, dice: random.Random) -> dict:
        today = self.now.date()
        day = today + timedelta(days=dice.randint(-2, 80))
        measures = list(self.stored.measures.filter(round=self.stored.round))
        unit = dice.choice([self.cast.unit, self.cast.second_unit, self.cast.lead_unit])
        return {
            "measures": "1.修订告知单\n2.窗口培训",
            "done_on": today,
            "result": f"已更新 {self.stored.version}",
            "department": unit,
            "note": "说明",
            "responsible_name": "王工",
            "due_on": day,
            "review_on": day,
            "extension_to": (self.stored.due_on or today) + timedelta(days=dice.randint(-1, 60)),
            "referred_to": "市民政局",
            "remark": f"第{self.stored.version}批",
            "target": self.beside.number,
            "category": dice.choice(["业务办理", "其他", "没有这一类"]),
            "is_priority": not self.stored.is_priority,
            "cause": "系统没有对接",
            "cause_depth": "process",
            "reuse_reason": "同一窗口",
            "notes": {one.pk: MeasureNote("王工", None, f"{self.stored.version}") for one in measures},
        }

    def act(self, action: str, persona: str, version: int, told: dict) -> None:
        before, counts = self.stored, self.counts()
        sources, target, who = ISSUES[action]
        allowed = before.state in sources.split() and parts_of(self.cast, persona, before) & set(who.split())
        TAKEN["steps"] += 1
        refused = self.press(action, persona, version, told)
        if refused is not None:
            TAKEN["refused"] += 1
            assert refused.message, "a refusal is told in words"
            assert self.counts() == counts, "what is refused leaves nothing"
            self.same(before, self.read())
            return
        TAKEN[action] += 1
        assert allowed, f"{persona} must not {action} in {before.state}"
        assert version == before.version or action in KEEPS_VERSION, "an earlier version decides nothing"
        self.after(action, persona, before, target or before.state, counts)

    def press(self, action: str, persona: str, version: int, told: dict) -> DomainError | None:
        """The refusal; None where it was done. Anything else is a fault."""
        given = {"action": action, "actor": self.cast.people[persona], "data": told, "version": version}
        try:
            with transaction.atomic():
                lifecycle.perform(issue=self.read(), now=self.now, **given)
        except DomainError as error:
            return error
        return None

    def same(self, before: Issue, after: Issue) -> None:
        names = [field.attname for field in Issue._meta.concrete_fields]
        assert {name: getattr(after, name) for name in names} == {name: getattr(before, name) for name in names}

    def after(self, action: str, persona: str, before: Issue, target: str, counts: tuple) -> None:
        after = self.stored = self.read()
        events, entries, issues = self.counts()
        assert after.state == target
        assert after.version == before.version + (action not in KEEPS_VERSION)
        assert (events, issues) == (counts[0] + 1, counts[2])
        assert entries > counts[1], "every act leaves an audit entry"
        assert after.round == before.round + (action == NEXT_ROUND)
        event = after.events.latest("id")
        assert (event.kind, event.from_state, event.to_state) == (action, before.state, target)
        assert event.actor == self.cast.people[persona]
        self.versions.append(after.version)
        if action == "approve_closing":
            unit = before.responsible_department
            assert before.closing_requested_by_id != after.closed_by_id
            assert "responsible" not in parts_of(self.cast, persona, before), f"{unit} strikes off its own"
        if action in ("look_back_pass", "look_back_fail"):
            assert before.closed_by_id != self.cast.people[persona].pk
        if action == "dismiss":
            assert before.dismissal_proposed_by_id not in (None, self.cast.people[persona].pk)
        if "responsible" in parts_of(self.cast, persona, before) and before.due_on and action != "plan":
            assert after.due_on == before.due_on, "the bound party moves no date"

    @invariant()
    def what_is_fixed_stays(self):
        if not hasattr(self, "stored"):
            return
        issue = self.stored
        assert {name: getattr(issue, name) for name in FIXED} == {name: getattr(self.issue, name) for name in FIXED}
        if self.first_due:
            assert issue.first_due_on == self.first_due, "the first date stands for ever"
        self.first_due = issue.first_due_on
        assert (issue.open_key == 1) == (issue.state not in ("closed", "verified", *ENDED))
        if issue.state in (*ENDED, "closed", "verified"):
            assert not Issue.objects.filter(overdue_q(self.now.date()), pk=issue.pk).exists()

    @invariant()
    def the_chain_of_the_audit_holds(self):
        if hasattr(self, "stored") and TAKEN["steps"] % 25 == 0:
            assert audit.verify().ok


def test_whatever_is_done_in_whatever_order_follows_what_was_written_down():
    TAKEN.clear()
    run_state_machine_as_test(
        IssueLife,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert TAKEN["steps"] >= scaled(90, 10_000), TAKEN
    # A run that is refused everything proves nothing.
    assert len([action for action in ISSUES if TAKEN[action]]) >= scaled(8, 25), TAKEN
