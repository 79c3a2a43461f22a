"""The steps of a submission: what the unit sends, what the lead and the office do with it, and what is refused."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Department
from campaigns.domain.receivers import Path, ReceiverChange, set_receivers, token_of_receivers
from campaigns.domain.rulebook.rulebook import Due, Rulebook
from campaigns.enums import ActivityKind
from campaigns.models import RosterEntry, RuleVersion
from core.exceptions import IllegalTransition, NotAllowed, Refused, StaleVersion
from core.models import AuditEntry
from issues.models import Issue
from notifications.models import Notice
from reports.domain.compile import period_in
from reports.domain.submissions import lifecycle
from reports.domain.submissions.content import changes_of
from reports.domain.submissions.inbox import owed_reports
from reports.domain.submissions.lifecycle import available, perform_many, token_of_parts
from reports.domain.submissions.lines import open_parts
from reports.models import Submission, SubmissionEvent
from reports.tests.submitting import lines, on, sent, step
from tests.cast import covert_walk, open_walk

pytestmark = pytest.mark.both_databases


def test_what_is_sent_is_the_unit_s_figures_and_rows_with_their_digest(world):
    [one] = sent(world.cast)
    assert (one.state, one.content, one.due_on) == ("sent", "pack", date(2022, 6, 20))
    assert one.receiver == one.checker == world.cast.lead_unit
    assert one.data["figures"]["sessions"] == 2
    assert one.data["figures"]["needs"] == 1
    assert len(one.data["rows"]["issues"]) == one.data["figures"]["issues_found"]
    assert len(one.digest) == 64
    assert AuditEntry.objects.get(action="submission.send").detail["digest"] == one.digest


def test_the_lead_checks_locks_and_sends_on_and_the_office_receives(world):
    cast = world.cast
    [one] = sent(cast)
    for action, actor, state in (
        ("lock", cast.lead, "locked"),
        ("send_on", cast.lead, "sent_on"),
        ("receive", cast.office, "received"),
    ):
        step(one, action, actor)
        assert one.state == state
    assert list(one.events.values_list("kind", flat=True)) == ["send", "lock", "send_on", "receive"]
    assert set(one.events.values_list("digest", flat=True)) == {one.digest}


def test_nobody_else_takes_a_step(world):
    cast = world.cast
    with pytest.raises(NotAllowed):
        sent(cast, actor=cast.second_liaison)
    [one] = sent(cast)
    for action, actor in (
        ("lock", cast.liaison),
        ("lock", cast.office),
        ("receive", cast.lead),
        ("lock", cast.office_city),
    ):
        with pytest.raises(NotAllowed):
            step(one, action, actor)
    assert [row.action for row in available(cast.lead, one)] == ["lock", "return"]
    assert available(cast.office, one) == []


def test_a_return_needs_a_reason_and_the_first_day_of_sending_stays(world):
    cast = world.cast
    [one] = sent(cast, now=on(20))
    with pytest.raises(Refused, match="退回原因"):
        step(one, "return", cast.lead)
    step(one, "return", cast.lead, note="问题分类不准")
    assert (one.state, one.return_reason) == ("returned", "问题分类不准")
    first = one.first_sent_at
    [again] = sent(cast, now=on(22))
    assert (again.pk, again.state, again.return_reason) == (one.pk, "sent", "")
    assert again.first_sent_at == first
    assert again.sent_at == on(22)


def test_a_second_press_changes_nothing_and_says_so(world):
    sent(world.cast)
    with pytest.raises(IllegalTransition, match="已经报送"):
        sent(world.cast)
    assert SubmissionEvent.objects.count() == 1


def test_two_people_of_a_unit_who_opened_the_page_together_do_not_send_twice(world):
    seen = token_of_parts([])
    sent(world.cast, seen=seen)
    with pytest.raises(StaleVersion):
        sent(world.cast, seen=seen)


def test_what_a_unit_has_sent_keeps_its_receiver_for_the_period(world):
    cast = world.cast
    [one] = sent(cast, now=on(10))
    receivers_change(cast, date(2022, 6, 15))
    with pytest.raises(IllegalTransition, match="已经报送"):
        sent(cast, now=on(20))
    step(one, "return", cast.lead, note="缺照片")
    [again] = sent(cast, now=on(20), seen=token_of_parts([one]))
    assert (again.pk, again.receiver) == (one.pk, cast.lead_unit)
    assert Submission.objects.count() == 1
    assert owed_reports(cast.liaison, today=date(2022, 6, 20)) == []
    june = {line.unit: line.receiver for line in lines(cast.office, cast.campaign, now=on(20))}
    assert (june["县民政局"], june["县公安局"]) == ("县行政审批局", "县司法局")


def test_a_returned_submission_is_sent_again_after_the_unit_has_left_the_roster(world):
    cast = world.cast
    [one] = sent(cast)
    step(one, "return", cast.lead, note="缺照片")
    RosterEntry.objects.filter(campaign=cast.campaign, department=cast.unit).update(left_on=date(2022, 6, 1))
    period = period_in(cast.campaign, "2022-06")
    assert "县民政局" in open_parts(cast.campaign, period, today=date(2022, 6, 22)).units
    [again] = sent(cast, now=on(22))
    assert (again.pk, again.state) == (one.pk, "sent")
    assert "县民政局" not in open_parts(cast.campaign, period, today=date(2022, 6, 22)).units


def test_an_earlier_period_is_handed_in_by_the_rules_of_its_last_day(world):
    """From July only 跟执法 is reported, and no lead sends on; what June owed stays owed, to the lead."""
    cast, today = world.cast, date(2022, 7, 5)
    rules_from(cast, date(2022, 7, 1))
    assert owed_reports(cast.liaison, today=today)[0].period.code == "2022-06"
    june = {line.unit: (line.checker, line.status) for line in lines(cast.office, cast.campaign, now=on(5, month=7))}
    assert june["县民政局"] == ("县行政审批局", "overdue")
    [one] = sent(cast, now=on(5, month=7))
    assert one.checker == cast.lead_unit
    step(one, "lock", cast.lead, now=on(5, 15, month=7))
    period = period_in(cast.campaign, "2022-06")
    assert ("县行政审批局", ("县民政局",)) in open_parts(cast.campaign, period, today=today).leads


def test_a_step_on_an_older_version_names_who_was_first(world):
    cast = world.cast
    [one] = sent(cast)
    stale = Submission.objects.get(pk=one.pk)
    step(one, "return", cast.lead, note="缺照片")
    sent(cast, now=on(21, 15))
    stale.refresh_from_db(fields=["state", "version"])
    for version in (2, 0):
        with pytest.raises(StaleVersion, match=cast.liaison.name):
            lifecycle.perform(submission=stale, action="lock", actor=cast.lead, version=version, now=on(21, 16))


def test_later_changes_are_shown_and_never_change_what_was_sent(world):
    cast, period = world.cast, period_in(world.cast.campaign, "2022-06")
    [one] = sent(cast, now=on(25))
    assert changes_of(one, period, date(2022, 6, 25)) == []
    Issue.objects.filter(pk=world.issues["overdue"].pk).update(category="业务办理")
    assert changes_of(one, period, date(2022, 6, 25)) == [
        f"问题 {world.issues['overdue'].number}：分类 政务服务 → 业务办理"
    ]
    one.refresh_from_db()
    assert one.digest == one.events.get().digest


@pytest.mark.parametrize("changes", [{"data": {}}, {"content": "zero"}, {"first_sent_at": on(1)}], ids=str)
def test_the_database_refuses_to_change_what_was_sent(world, changes):
    [one] = sent(world.cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(pk=one.pk).update(**changes)


def test_the_history_is_append_only(world):
    [one] = sent(world.cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        one.events.update(note="改")


def test_a_zero_report_takes_a_reason_and_is_refused_with_the_walks_where_there_were_some(world):
    cast = world.cast
    with pytest.raises(Refused, match=r"不能零报告：.*《结婚登记》2022-06-08（已报送）"):
        sent(cast, zero=True, note="本期未安排")
    with pytest.raises(Refused, match="没有材料可报"):
        sent(cast, persona="second_liaison", period="2022-07", now=on(20, month=7))
    with pytest.raises(Refused, match="未开展体验的原因"):
        sent(cast, persona="second_liaison", period="2022-07", now=on(20, month=7), zero=True)
    [one] = sent(cast, persona="second_liaison", period="2022-07", now=on(20, month=7), zero=True, note="主要领导离任")
    assert (one.content, one.zero_reason) == ("zero", "主要领导离任")


@pytest.mark.parametrize(
    ("period", "too_early", "first"),
    [
        ("2022-06", on(17, 23, 59), on(20, 0)),
        # 2022-08-20 is a Saturday: on the Friday before it the last windows close.
        ("2022-08", on(18, month=8), on(19, month=8)),
    ],
)
def test_a_zero_report_is_taken_from_the_last_working_day_of_the_period(cast, period, too_early, first):
    with pytest.raises(Refused, match=f"零报告自 {first.date()} 起办理"):
        sent(cast, persona="second_liaison", period=period, now=too_early, zero=True, note="窗口搬迁")
    [one] = sent(cast, persona="second_liaison", period=period, now=first, zero=True, note="窗口搬迁")
    assert one.content == "zero"


def test_an_open_walk_everybody_of_the_unit_knows_of_denies_a_zero_report_and_a_covert_one_does_not(cast):
    covert_walk(cast, day=8)
    [one] = sent(cast, zero=True, note="本期未安排")
    assert one.content == "zero"
    step(one, "return", cast.lead, note="请核实")
    open_walk(cast)
    with pytest.raises(Refused, match="体验中"):
        sent(cast, zero=True, note="本期未安排")


def test_nothing_is_sent_for_a_period_to_come_or_of_another_rhythm(world):
    with pytest.raises(Refused, match="还不能报送"):
        sent(world.cast, period="2022-08")
    with pytest.raises(Refused, match="没有应报的材料"):
        sent(world.cast, period="2022Q2")


def test_the_next_hand_is_told_and_only_that(world):
    cast = world.cast
    [one] = sent(cast)
    step(one, "return", cast.lead, note="缺照片")
    sent(cast, now=on(21))
    one.refresh_from_db()
    step(one, "lock", cast.lead)
    step(one, "send_on", cast.lead)
    told = Notice.objects.filter(kind__startswith="submission.").order_by("id")
    assert [(notice.kind, notice.recipient.username) for notice in told] == [
        ("submission.send", "lead"),
        ("submission.return", "principal"),
        ("submission.return", "liaison"),
        ("submission.send", "lead"),
        ("submission.send_on", "office"),
        ("submission.send_on", "office_second"),
    ]


def test_a_long_reason_is_cut_with_a_mark_in_the_notice_and_stands_whole_on_the_page(world):
    [one] = sent(world.cast)
    step(one, "return", world.cast.lead, note="缺照片" * 160)
    notice = Notice.objects.filter(kind="submission.return").latest("id")
    assert (len(notice.text), notice.text[-1]) == (300, "…")
    assert len(one.return_reason) == 480


def test_several_are_locked_at_once_and_who_is_refused_is_named(world):
    cast = world.cast
    [one] = sent(cast)
    [other] = [each for each in sent(cast, persona="second_liaison") if each.receiver == cast.lead_unit]
    other.activity_kinds = [ActivityKind.PROCESS, ActivityKind.WINDOW]
    chosen = [(one, one.version), (other, other.version - 1)]
    result = perform_many(chosen=chosen, action="lock", actor=cast.lead, now=on(21))
    assert result.done == 1
    assert [words.split("：")[0] for words in result.refused] == ["县公安局（走流程、坐窗口）"]


def receivers_change(cast, since: date) -> None:
    """县司法局 receives everything from that day."""
    paths = {(kind, ""): Path((Department.objects.get(name="县司法局"),)) for kind in ActivityKind.values}
    set_receivers(
        campaign=cast.campaign,
        paths=paths,
        actor=cast.office,
        seen=token_of_receivers(cast.campaign),
        change=ReceiverChange(since, "机构改革"),
        today=date(2022, 6, 8),
    )


def rules_from(cast, day: date) -> None:
    """A version of the rules in which only 跟执法 is reported, and by no lead to the office."""
    version = RuleVersion.objects.get(campaign=cast.campaign)
    rules = Rulebook.from_data(version.data)
    kept = tuple(one for one in rules.activities if ActivityKind.ENFORCEMENT in one.kinds)
    rules = replace(rules, activities=kept, reporting=replace(rules.reporting, summary_due=Due()))
    RuleVersion.objects.create(
        campaign=cast.campaign, number=2, data=rules.as_data(), effective_on=day, issued_at=on(25)
    )  # fmt: skip
