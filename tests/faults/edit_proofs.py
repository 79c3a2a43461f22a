"""Proofs of what holds when two people change one record: as tests/faults/proofs.py."""

from datetime import timedelta

import pytest

from campaigns.domain import hotline, must_walk
from campaigns.domain.deadlines import approve
from campaigns.domain.lifecycle import amend, discard, save_head, stored_head, token_of_draft
from campaigns.domain.work_calendar import remove_day, set_day, token_of_day
from campaigns.models import Deadline, PoolItem
from campaigns.tests.setup_page import drafted
from core.calendar import SpecialDay
from core.content_token import content_token
from core.exceptions import StaleVersion
from core.models import Job
from issues.domain import intake
from issues.models import Issue
from reports.domain.compile import period_in
from reports.domain.publishing import publish
from reports.domain.submissions.lines import open_parts
from tests.cast import NOON, issue_in, open_walk
from tests.faults.proofs import browser
from walks.domain import lifecycle as walk_lifecycle
from walks.domain.stored import token_of_step, whole_step
from walks.domain.withdrawal import withdraw_step
from walks.models import Step


def a_step_changed_meanwhile_is_not_overwritten(cast):
    step = open_walk(cast).steps.get()
    seen = token_of_step(step)
    facts = {"stage": step.stage, "assessment": "", "happened_at": step.happened_at}
    walk_lifecycle.edit_step(step=step, actor=cast.liaison, seen=seen, note="第一人", **facts)
    with pytest.raises(StaleVersion):
        walk_lifecycle.edit_step(step=step, actor=cast.principal, seen=seen, note="第二人", **facts)


def a_step_changed_meanwhile_is_not_taken_back(cast):
    step = open_walk(cast).steps.get()
    seen = content_token(whole_step(step))
    Step.objects.filter(pk=step.pk).update(note="第一人补写")
    with pytest.raises(StaleVersion):
        withdraw_step(step=step, actor=cast.principal, reason="记错", seen=seen, now=NOON)


def a_problem_changed_meanwhile_is_not_taken_back(cast):
    issue = open_walk(cast, problems=1).issues.get()
    seen = content_token(intake.whole_problem(issue))
    Issue.objects.filter(pk=issue.pk).update(description="第一人补写")
    with pytest.raises(StaleVersion):
        intake.withdraw(issue=issue, actor=cast.principal, reason="记错", seen=seen)


def who_edits_what_was_taken_back_is_told_by_whom(cast):
    step = open_walk(cast).steps.get()
    withdraw_step(step=step, actor=cast.principal, reason="记错了", seen=content_token(whole_step(step)), now=NOON)
    answer = browser(cast.liaison).post(f"/walks/{step.walk_id}/steps/{step.public_id}/", {"note": "我的记录"})
    assert (answer.status_code, "记错了" in answer.text, "我的记录" in answer.text) == (409, True, True)


def who_comes_too_late_reads_who_was_first(cast):
    issue = issue_in(cast, "closed")
    answer = browser(cast.office).get(f"/issues/{issue.number}/return_closing/")
    assert (answer.status_code, f"已由{cast.lead}于" in answer.text) == (409, True)


def who_removes_too_late_reads_who_was_first(cast):
    given = {"campaign": cast.campaign, "actor": cast.office, "today": NOON.date()}
    must_walk.add(items=[cast.item], provenance="leader", note="", **given)
    row = PoolItem.objects.get()
    must_walk.remove(row=row, actor=cast.office, today=NOON.date())
    answer = browser(cast.office_second).post(f"/campaigns/QH2022/pool/{row.pk}/remove/", {})
    assert (answer.status_code, f"由{cast.office}于" in answer.text) == (409, True)


def who_opens_an_export_that_was_decided_reads_by_whom(cast):
    done = {"state": "queued", "decided_by": cast.office, "decided_at": NOON}
    params = {"region": cast.office_unit.region_id, "rows": 1, "unmasked": False, "reason": "汇报"}
    job = Job.objects.create(kind="ledger.export", label="导出", owner=cast.lead, params=params, **done)
    answer = browser(cast.office_second).get(f"/exports/{job.pk}/")
    assert (answer.status_code, f"已由{cast.office}于" in answer.text) == (409, True)


def what_was_typed_is_shown_on_a_page_without_its_form(cast):
    sent = {"on": NOON.date(), "document": "县委编办的文件", "idempotency_key": "k"}
    # The unit receives walks: the page says so, in the place of its form.
    answer = browser(cast.sysadmin).post(f"/units/{cast.lead_unit.pk}/abolish/", sent)
    assert (answer.status_code, "县委编办的文件" in answer.text) == (400, True)


def an_earlier_date_is_approved_as_it_was_shown(cast):
    row = cast.campaign.deadlines.filter(kind="report").first()
    seen = row.due_on, row.due_on - timedelta(days=2)
    Deadline.objects.filter(pk=row.pk).update(proposed_on=row.due_on - timedelta(days=5))
    with pytest.raises(StaleVersion):
        approve(deadline=row, actor=cast.office, seen=seen, today=NOON.date())


def what_another_published_is_not_published_over(cast):
    period, later = period_in(cast.campaign, "2022-06"), NOON + timedelta(days=30)
    named = open_parts(cast.campaign, period, today=later.date()).token
    publish(campaign=cast.campaign, period=period, actor=cast.office, now=later, confirmed=named)
    with pytest.raises(StaleVersion):
        publish(campaign=cast.campaign, period=period, actor=cast.office_second, now=later, seen=0, confirmed=named)


def a_day_changed_meanwhile_is_not_undone(cast):
    day, given = NOON.date(), {"name": "", "actor": cast.sysadmin, "now": NOON}
    set_day(day=day, is_workday=False, source="第一份通知", **given)
    seen = token_of_day(SpecialDay(day, False, "", "第一份通知", True))
    set_day(day=day, is_workday=False, source="第二份通知", **given)
    with pytest.raises(StaleVersion):
        remove_day(day=day, actor=cast.sysadmin, seen=seen, now=NOON)


def what_the_liaison_completes_is_not_overwritten(cast):
    walk = open_walk(cast)
    given = {"walk": walk, "seen": content_token(intake.stored_completion(walk)), "classes": ()}
    intake.complete(actor=cast.liaison, facts={"place": "一号窗口"}, **given)
    with pytest.raises(StaleVersion):
        intake.complete(actor=cast.principal, facts={"place": "二号窗口"}, **given)


def other_words_under_a_used_key_are_not_passed_over(cast):
    issue = issue_in(cast, "rectifying")
    client, url = browser(cast.liaison), f"/issues/{issue.number}/note_progress/"
    sent = {"note": "已联系厂家", "version": issue.version, "idempotency_key": "used"}
    assert client.post(url, sent).status_code == 302
    answer = client.post(url, sent | {"note": "厂家下周到货"})
    assert (answer.status_code, "厂家下周到货" in answer.text) == (422, True)


def ticket_figures_saved_meanwhile_are_not_overwritten(cast):
    given = {"campaign": cast.campaign, "month": "2022-05", "file_name": "五月.csv", "now": NOON}
    seen = hotline.figures_token(cast.campaign, "2022-05")
    first, second = (hotline.TicketFigure(cast.unit.pk, cast.unit.name, tickets) for tickets in (12, 40))
    hotline.save_figures(figures=[first], actor=cast.lead, seen=seen, **given)
    with pytest.raises(StaleVersion):
        hotline.save_figures(figures=[second], actor=cast.office, seen=seen, **given)


def rules_changed_meanwhile_are_not_given_up(cast):
    made = amend(campaign=cast.campaign, effective_on=NOON.date(), reason="调整", actor=cast.office, today=NOON.date())
    seen = token_of_draft(made)
    type(made).objects.filter(pk=made.pk).update(data=made.data | {"scope_note": "另一人所改"})
    with pytest.raises(StaleVersion):
        discard(campaign=cast.campaign, actor=cast.office_second, seen=seen)


def what_another_office_saved_is_not_overwritten(cast):
    campaign = drafted(cast)
    given = stored_head(campaign)
    seen = content_token(given)
    save_head(campaign=campaign, actor=cast.office, seen=seen, values=given | {"name": "第一人"})
    with pytest.raises(StaleVersion):
        save_head(campaign=campaign, actor=cast.office_second, seen=seen, values=given | {"name": "第二人"})
