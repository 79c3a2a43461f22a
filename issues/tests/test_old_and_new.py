"""The history tells old → new with the reason: unit, date, closing; and the reason is asked for."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.exceptions import Refused
from core.idempotency import new_key
from issues.domain import lifecycle
from issues.domain.timeline import timeline
from issues.models import Issue
from tests.cast import NOON, PASSWORD, issue_in

pytestmark = pytest.mark.django_db
DUE = NOON.date() + timedelta(days=30)


def act(issue: Issue, action: str, actor, **data) -> Issue:
    return lifecycle.perform(issue=issue, action=action, actor=actor, data=data, now=NOON)


def told(issue: Issue) -> str:
    """What the newest entry of the history says."""
    return timeline(list(issue.events.select_related("actor").order_by("at", "id")))[0]["note"]


def test_another_unit_and_another_date_are_told_old_and_new_with_the_reason(cast):
    issue = issue_in(cast, "disputed")
    old = issue.due_on
    issue = act(issue, "assign", cast.office, department=cast.unit, due_on=DUE, note="窗口属民政局")
    assert told(issue) == f"窗口属民政局\n整改时限：{old} → {DUE}，责任单位：县公安局 → 县民政局"


def test_the_reason_for_another_unit_or_date_is_asked_for_and_only_then(cast):
    issue = issue_in(cast, "disputed")
    with pytest.raises(Refused, match="责任单位或整改时限有变动，请写明理由"):
        act(issue, "assign", cast.office, department=cast.unit)
    with pytest.raises(Refused, match="请写明理由"):
        act(issue, "assign", cast.office, department=cast.second_unit, due_on=DUE)
    assert act(issue, "assign", cast.office, department=cast.second_unit).state == "assigned"
    assert told(issue) == "责任单位：县公安局"


def test_what_ends_or_opens_a_closing_is_told_with_the_states(cast):
    issue = act(issue_in(cast, "closing"), "approve_closing", cast.lead, note="核对属实")
    assert told(issue) == "核对属实\n状态：待验收 → 已销号"
    before = issue.due_on
    issue = act(issue, "look_back_fail", cast.office, note="又出现", due_on=DUE)
    facts = f"整改时限：{before} → {DUE}，状态：已销号 → 整改中，轮次：1 → 2"
    assert told(issue) == f"又出现\n{facts}"


def test_a_pause_tells_why_the_date_moved(cast, clock):
    issue = issue_in(cast, "deferred")
    before = issue.due_on
    issue = lifecycle.perform(
        issue=issue, action="resume", actor=cast.office, data={"note": "条件具备"}, now=NOON + timedelta(days=2)
    )
    assert told(issue) == f"条件具备\n整改时限：{before} → {issue.due_on}（停止计时期间的工作日顺加）"


def test_striking_off_asks_for_the_opinion(client, cast):
    issue = issue_in(cast, "closing")
    client.force_login(cast.lead)
    url = reverse("issue_act", args=[issue.number, "approve_closing"])
    data = {"version": issue.version, "idempotency_key": new_key(), "password": PASSWORD}
    refused = client.post(url, data | {"note": " "})
    assert (refused.status_code, "请写明验收意见" in refused.text) == (400, True)
    assert client.post(url, data | {"note": "核对属实"}).status_code == 302
