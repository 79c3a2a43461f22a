"""What is promised of submissions and needs, as small proofs. Each takes the cast and fails when it does not hold."""

from datetime import date, datetime

import pytest
from django.db import DatabaseError, transaction

from accounts.domain.memberships import grant_membership
from accounts.models import User
from campaigns.domain.versions import rules_of
from campaigns.models import Receiver
from core.exceptions import DomainError, NotAllowed, Refused
from issues.domain.needs import lifecycle as need_lifecycle
from issues.domain.needs.reminders import make_need_reminders
from issues.tests.needing import needs_on
from notifications.domain.notices import notices_visible_to, unread
from notifications.models import Notice
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.publishing import publish
from reports.domain.queries import report_scopes
from reports.domain.submissions import lifecycle, papers
from reports.domain.submissions.content import query_of_unit
from reports.domain.submissions.lines import lines_of, open_parts
from reports.domain.submissions.parts import parts_of
from reports.domain.submissions.queries import submissions_visible_to
from reports.domain.submissions.reminder_delivery import make_pack_reminders
from reports.domain.zero_reports import table_with_zero
from reports.models import PaperText, Submission, SubmittedPaper
from reports.tests.quarter import quarterly
from reports.tests.submitting import on, sent, step
from tests.cast import TZ, Cast, covert_walk, open_walk, reported_walk
from walks.models import Walk


def what_was_sent_cannot_be_changed(cast: Cast):
    [one] = _sent(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(pk=one.pk).update(data={})


def a_paper_that_was_sent_cannot_be_changed(cast: Cast):
    [one] = _sent(cast)
    kept = {"paper": "quarter-results", "name": "工作成果.docx", "content": b"PK", "sha256": "0" * 64}
    paper = SubmittedPaper.objects.create(submission=one, version=one.version, **kept)
    with pytest.raises(DatabaseError), transaction.atomic():
        SubmittedPaper.objects.filter(pk=paper.pk).update(sha256="1" * 64)


def a_paper_whose_text_changed_is_not_kept_as_it_was_written_before(cast: Cast):
    campaign, day = quarterly(cast), date(2016, 7, 7)
    query = query_of_unit(campaign, period_in(campaign, "2016Q2"), cast.unit.pk, cast.unit.name, day)
    prepared = papers.prepare(query)
    place = {"campaign": campaign, "period": "2016Q2", "paper": "quarter-results", "department": cast.unit}
    text = {"version": 1, "paragraphs": {"next": "改后的打算。"}, "saved_by": cast.liaison, "saved_at": on(1)}
    PaperText.objects.create(**place, **text)
    [(_, content)] = papers.files_of(query, prepared).values()
    assert content not in prepared.values()


def a_unit_reads_no_zero_report_of_another(cast: Cast):
    sent(cast, persona="second_liaison", now=on(20), zero=True, note="窗口搬迁")
    period = period_in(cast.campaign, "2022-06")
    [scope] = report_scopes(cast.liaison, [cast.campaign])[cast.campaign.pk]
    assert table_with_zero(ReportQuery(cast.campaign, period, date(2022, 6, 21), scope)).zero == ()


def the_day_of_the_first_sending_stays(cast: Cast):
    [one] = _sent(cast)
    step(one, "return", cast.lead, note="缺照片")
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(pk=one.pk).update(first_sent_at=on(1))


def a_unit_does_not_lock_what_it_sent(cast: Cast):
    [one] = _sent(cast)
    with pytest.raises(NotAllowed):
        step(one, "lock", cast.liaison)


def a_step_on_an_older_submission_is_refused(cast: Cast):
    [one] = _sent(cast)
    stale = Submission.objects.select_related("campaign", "department").get(pk=one.pk)
    step(one, "return", cast.lead, note="缺照片")
    sent(cast, now=on(21))
    stale.state = "sent"
    with pytest.raises(DomainError):
        lifecycle.perform(submission=stale, action="lock", actor=cast.lead, now=on(22))


def a_zero_report_does_not_deny_a_walk(cast: Cast):
    open_walk(cast)
    with pytest.raises(Refused):
        sent(cast, zero=True, note="本期未安排")


def a_zero_report_waits_for_the_last_working_day(cast: Cast):
    with pytest.raises(Refused, match="零报告自 2022-06-20 起办理"):
        sent(cast, zero=True, note="本期未安排", now=on(17))


def a_covert_walk_is_told_by_no_refusal(cast: Cast):
    walk = covert_walk(cast, day=8)
    Walk.objects.filter(pk=walk.pk).update(state="in_progress")
    try:
        [one] = sent(cast, zero=True, note="本期未安排")
    except Refused as error:
        pytest.fail(error.message)
    assert one.content == "zero"


def nothing_is_published_over_open_units_unseen(cast: Cast):
    now = datetime(2022, 6, 22, 9, 0, tzinfo=TZ)
    with pytest.raises(Refused, match="材料未报齐 4 个单位"):
        publish(campaign=cast.campaign, period=period_in(cast.campaign, "2022-06"), actor=cast.office, now=now)


def who_answers_a_need_moves_no_date(cast: Cast):
    [need] = needs_on(cast, "希望周六开窗")
    with pytest.raises(NotAllowed):
        need_lifecycle.perform(
            need=need,
            action="assign",
            actor=cast.liaison,
            data={"department": cast.unit, "reply_by": date(2022, 12, 1)},
            now=on(9),
        )


def a_lead_does_not_check_its_own_pack(cast: Cast):
    asked = {"period": period_in(cast.campaign, "2022-06"), "today": on(8).date(), "unit_id": cast.lead_unit.pk}
    [part] = parts_of(cast.campaign, rules_of(cast.campaign.pk)[1], **asked)
    assert (part.receiver, part.checker) == (cast.lead_unit.pk, cast.office_unit.pk)


def what_a_lead_locked_and_did_not_send_on_is_named(cast: Cast):
    [one] = _sent(cast)
    step(one, "lock", cast.lead)
    named = open_parts(cast.campaign, period_in(cast.campaign, "2022-06"), today=on(22).date())
    assert ("县行政审批局", ("县民政局",)) in named.leads


def who_receives_beside_the_lead_sees_what_was_sent(cast: Cast):
    _second_receiver(cast)
    [one] = _sent(cast)
    assert submissions_visible_to(cast.second_liaison).filter(pk=one.pk).exists()


def who_receives_beside_the_lead_follows_what_is_owed(cast: Cast):
    _second_receiver(cast)
    seen = lines_of(cast.second_liaison, cast.campaign, period_in(cast.campaign, "2022-06"), today=on(8).date())
    assert cast.unit.pk in {line.unit_id for line in seen}


def a_pack_that_was_sent_reminds_no_more(cast: Cast):
    make_pack_reminders(on(21))
    assert _reminders(cast).exists()
    _sent(cast)
    assert not _reminders(cast).exists()


def a_need_that_was_answered_reminds_no_more(cast: Cast):
    [need] = needs_on(cast, "希望周六开窗")
    make_need_reminders(on(30))
    assert _reminders(cast).exists()
    need_lifecycle.perform(need=need, action="reply", actor=cast.liaison, data={"reply": "已采纳"}, now=on(30))
    assert not _reminders(cast).exists()


def a_need_that_comes_back_reminds_anew(cast: Cast):
    [need] = needs_on(cast, "希望周六开窗")
    make_need_reminders(on(30))
    for action, actor, data in (
        ("reply", cast.liaison, {"reply": "已采纳"}),
        ("return_reply", cast.lead, {"note": "不实"}),
    ):
        need_lifecycle.perform(need=need, action=action, actor=actor, data=data, now=on(30))
    make_need_reminders(on(30, 11))
    assert _reminders(cast).exists()


def a_pack_of_long_ago_reminds_no_more(cast: Cast):
    make_pack_reminders(on(21))
    make_pack_reminders(on(22, month=8))
    assert not _reminders(cast).filter(text__contains="2022年6月材料").exists()


def who_left_is_reminded_of_nothing(cast: Cast):
    User.objects.filter(pk=cast.liaison.pk).update(is_active=False)
    make_pack_reminders(on(21))
    assert not Notice.objects.filter(recipient=cast.liaison).exists()


def a_rest_day_tells_nobody_that_something_is_late(cast: Cast):
    make_pack_reminders(on(21, month=8))
    assert not Notice.objects.filter(kind="reminder.pack.late", text__contains="2022年8月").exists()


def _reminders(cast: Cast):
    return unread(notices_visible_to(cast.liaison)).filter(kind__startswith="reminder.")


def _second_receiver(cast: Cast) -> None:
    """The second unit receives beside whoever leads, and its liaison is its lead."""
    leading = cast.campaign.receivers.filter(order=0)
    given = {"campaign": cast.campaign, "department": cast.second_unit, "order": 1}
    Receiver.objects.bulk_create(
        Receiver(activity_kind=one.activity_kind, unit_kind=one.unit_kind, **given) for one in leading
    )
    grant_membership(user=cast.second_liaison, department=cast.second_unit, role="lead")
    cast.second_liaison.__dict__.pop("_scope", None)


def _sent(cast: Cast) -> list[Submission]:
    reported_walk(cast)
    return sent(cast)
