"""Reminders of packs: unit, lead and office each in the own words, once, on working days, until it is done.

June 2022 of the cast is due on Monday the 20th, the lead's part on the 22nd; July on the 20th, a Wednesday; August on
the 20th, a Saturday.
"""

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, User
from campaigns.models import Campaign, Deadline, RosterEntry, RuleVersion
from issues.tests.needing import needs_on
from notifications.domain.notices import notices_visible_to, unread
from notifications.models import Notice
from reports.domain.submissions.reminder_delivery import make_pack_reminders
from reports.tasks import make_pack_reminders as task
from reports.tests.submitting import on, sent, step
from tests.cast import NOON
from tests.database import without_triggers

pytestmark = [pytest.mark.both_databases, pytest.mark.clock(NOON)]


def told(kind: str, date: str = "2022-06") -> list[tuple[str, str]]:
    """(who, what) of the reminders of one kind."""
    rows = Notice.objects.filter(kind=f"reminder.{kind}", text__contains=f"年{int(date[-2:])}月材料")
    return list(rows.order_by("recipient_id", "id").values_list("recipient__username", "text"))


def names(kind: str) -> set[str]:
    return {name for name, _ in told(kind)}


def test_the_unit_is_told_on_the_working_day_before(cast):
    assert make_pack_reminders(on(17, 8))["new"] == 0
    make_pack_reminders(on(17, 9))
    assert dict(told("pack.eve"))["liaison"] == (
        "“青禾县‘一把手走流程’”2022年6月材料应于 2022-06-20 二十四时前报送，请报送；没有开展体验的，办理零报告"
    )
    assert "principal" not in names("pack.eve")
    assert make_pack_reminders(on(19))["new"] == 0


def test_the_office_reads_on_the_evening_who_has_not_sent_in_fixed_order(world):
    cast = world.cast
    sent(cast, now=on(20))
    make_pack_reminders(on(20, 16, 59))
    assert names("packs.missing") == set()
    make_pack_reminders(on(20, 17, 5))
    assert names("packs.missing") == {"office", "office_second"}
    assert dict(told("packs.missing"))["office"].endswith(
        "应于 2022-06-20 二十四时前报送，截至 2022-06-20 17:05，3 个单位未报：县公安局、县司法局、县行政审批局"
    )


def test_a_day_on_a_weekend_is_asked_for_on_the_friday_before(cast):
    make_pack_reminders(on(19, 17, month=8))
    assert {"office", "office_second"} == {name for name, _ in told("packs.missing", "2022-08")}
    make_pack_reminders(on(21, month=8))
    assert told("pack.late", "2022-08") == []
    make_pack_reminders(on(22, 9, month=8))
    assert {"liaison", "principal"} <= {name for name, _ in told("pack.late", "2022-08")}


def test_who_is_late_is_told_with_the_head_and_who_has_sent_is_not(world):
    cast = world.cast
    sent(cast, now=on(20))
    make_pack_reminders(on(21))
    late = dict(told("pack.late"))
    assert "liaison" not in late
    assert "逾期 1 个工作日，请报送" in late["second_liaison"]
    # What was missed meanwhile is merged.
    assert Notice.objects.filter(kind="reminder.pack.eve", superseded=False).count() == 0


def test_what_reminded_is_closed_with_the_sending(world):
    cast = world.cast
    make_pack_reminders(on(21))
    reminders = unread(notices_visible_to(cast.liaison)).filter(kind__startswith="reminder.pack.")
    assert reminders.count() == 1
    sent(cast, now=on(21))
    assert reminders.count() == 0
    closed = Notice.objects.exclude(closed_at=None).values_list("pk", "closed_at")
    before = list(closed)
    assert make_pack_reminders(on(21, 12))["new"] == 0
    assert dict(before).items() <= dict(closed.all()).items()


def test_a_unit_that_owes_nothing_any_more_is_reminded_of_nothing(world):
    cast = world.cast
    make_pack_reminders(on(21))
    RosterEntry.objects.filter(campaign=cast.campaign, department=cast.unit).update(left_on=on(20).date())
    make_pack_reminders(on(21, 12))
    assert not unread(notices_visible_to(cast.liaison)).filter(kind__startswith="reminder.pack.").exists()


def test_the_lead_is_told_when_it_can_lock_and_when_its_own_day_has_passed(world):
    cast = world.cast
    [one] = sent(cast, now=on(20))
    make_pack_reminders(on(21, 9))
    [(who, words)] = told("packs.lock")
    assert who == "lead"
    assert words.endswith(
        "材料请审核锁定，于 2022-06-22 二十四时前汇总上报统筹办。待审核 1 件，2 个单位未报：县公安局、县司法局"
    )
    step(one, "lock", cast.lead)
    make_pack_reminders(on(23))
    assert "待上报 1 件" in told("packs.late")[0][1]


def test_where_no_working_day_lies_between_both_dates_the_lead_is_told_on_the_last_one_before_its_own(cast):
    rows = Deadline.objects.filter(campaign=cast.campaign, period="2022-06")
    for kind, day in (("report", 17), ("summary", 19)):
        rows.filter(kind=kind).update(due_on=on(day).date())
    make_pack_reminders(on(17))
    assert names("packs.lock") == {"lead"}


def test_a_lead_that_has_sent_on_is_reminded_no_more(cast):
    others = RosterEntry.objects.filter(campaign=cast.campaign).exclude(department=cast.unit)
    others.update(left_on=on(8).date())
    make_pack_reminders(on(21))
    [one] = sent(cast, zero=True, note="窗口搬迁", now=on(21))
    for action in ("lock", "send_on"):
        step(one, action, cast.lead)
    make_pack_reminders(on(23))
    assert names("packs.late") == set()
    assert not Notice.objects.filter(kind__startswith="reminder.packs", closed_at=None).exists()


def test_a_returned_pack_is_asked_for_again_before_the_day_and_is_never_late(world):
    cast = world.cast
    [one] = sent(cast, now=on(10))
    step(one, "return", cast.lead, note="缺照片", now=on(13))
    make_pack_reminders(on(21))
    assert "已被退回，请修改后重新报送" in dict(told("pack.eve"))["liaison"]
    assert "liaison" not in names("pack.late")
    assert "1 个单位退回待重报：县民政局" in dict(told("packs.missing"))["office"]


def test_a_pack_that_was_sent_and_returned_is_asked_for_anew_and_once(world):
    cast = world.cast
    make_pack_reminders(on(17))
    [one] = sent(cast, now=on(17, 11))
    step(one, "return", cast.lead, note="缺照片", now=on(17, 12))
    for hour in (13, 14):
        make_pack_reminders(on(17, hour))
        [notice] = unread(notices_visible_to(cast.liaison)).filter(kind="reminder.pack.eve")
        assert "已被退回，请修改后重新报送" in notice.text
    assert make_pack_reminders(on(17, 15))["new"] == 0


def test_a_pack_that_comes_back_reminds_lead_and_office_anew_once_all_was_done(world):
    cast = world.cast
    RosterEntry.objects.filter(campaign=cast.campaign).exclude(department=cast.unit).update(left_on=on(8).date())
    make_pack_reminders(on(21))
    [one] = sent(cast, now=on(21))
    for action, actor in (("lock", cast.lead), ("send_on", cast.lead), ("send_back", cast.office)):
        step(one, action, actor, note="数字不符", now=on(21, 11))
    make_pack_reminders(on(21, 12))
    assert make_pack_reminders(on(21, 13))["new"] == 0
    for person, kind in ((cast.lead, "packs.lock"), (cast.office, "packs.missing")):
        [notice] = unread(notices_visible_to(person)).filter(kind=f"reminder.{kind}")
        assert notice.text.endswith("1 个单位退回待重报：县民政局")


def test_a_date_that_moves_later_closes_what_reminded_of_the_earlier_one(cast):
    make_pack_reminders(on(21))
    rows = Deadline.objects.filter(campaign=cast.campaign, period="2022-06")
    rows.filter(kind="report").update(due_on=on(27).date())
    rows.filter(kind="summary").update(due_on=on(29).date())
    make_pack_reminders(on(21, 12))
    reminders = Notice.objects.filter(kind__startswith="reminder.pack", closed_at=None)
    assert not reminders.exists()
    make_pack_reminders(on(24))
    texts = reminders.values_list("text", flat=True)
    assert (len(texts), {"应于 2022-06-27 " in text for text in texts}) == (6, {True})


def test_a_returned_pack_keeps_its_date_and_tells_the_office_nothing_new_while_others_are_missing(world):
    cast = world.cast
    [one] = sent(cast, now=on(10))
    make_pack_reminders(on(20, 17))
    step(one, "return", cast.lead, note="缺照片", now=on(20, 18))
    make_pack_reminders(on(20, 19))
    assert Notice.objects.filter(kind="reminder.packs.missing", recipient=cast.office).count() == 1
    Deadline.objects.filter(campaign=cast.campaign, period="2022-06", kind="report").update(due_on=on(27).date())
    make_pack_reminders(on(21))
    [reminder] = Notice.objects.filter(kind__startswith="reminder.pack", closed_at=None)
    assert (reminder.recipient, "应于 2022-06-20 " in reminder.text) == (cast.liaison, True)


def test_a_clock_that_was_put_back_closes_nothing(cast):
    make_pack_reminders(on(21))
    make_pack_reminders(on(10))
    assert not Notice.objects.filter(kind__startswith="reminder.pack", closed_at__isnull=False).exists()


@pytest.mark.parametrize("ended", ["more than 62 days ago", "with the campaign"])
def test_what_is_asked_for_no_more_is_closed_for_unit_lead_and_office(cast, ended):
    make_pack_reminders(on(23))
    reminders = Notice.objects.filter(text__contains="2022年6月材料", closed_at=None)
    assert set(reminders.values_list("kind", flat=True)) >= {"reminder.pack.late", "reminder.packs.missing"}
    if ended == "with the campaign":
        Campaign.objects.update(state="closed")
    make_pack_reminders(on(22, month=8) if ended.endswith("ago") else on(23, 12))
    assert not reminders.exists()


def test_everybody_who_is_told_may_open_it(cast, client):
    make_pack_reminders(on(23))
    rows = Notice.objects.filter(kind__startswith="reminder.pack")
    assert {row.kind for row in rows} >= {"reminder.pack.eve", "reminder.packs.lock", "reminder.packs.missing"}
    for row in rows.select_related("recipient"):
        assert notices_visible_to(row.recipient).filter(pk=row.pk).exists()
        client.force_login(row.recipient, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(row.link).status_code == 200, row.kind


def test_people_who_left_are_not_told_and_the_office_is_told_whom_to_press(cast):
    User.objects.filter(pk=cast.liaison.pk).update(is_active=False)
    make_pack_reminders(on(17))
    assert "principal" in names("pack.eve")
    Membership.objects.filter(department=cast.second_unit).delete()
    make_pack_reminders(on(21))
    texts = {text for name, text in told("pack.late") if name == "office"}
    assert any(text.startswith("县公安局没有联络员和主要负责同志，") for text in texts)
    Membership.objects.filter(role="lead", department=cast.lead_unit).delete()
    make_pack_reminders(on(23))
    texts = {text for name, text in told("packs.late") if name == "office"}
    assert any(text.startswith("县行政审批局没有牵头经办人员，请与该单位联系。") for text in texts)


def test_after_a_week_without_power_the_same_reminders_exist(cast):
    for day in range(15, 24):
        for hour in (9, 17):
            make_pack_reminders(on(day, hour))
    daily = set(Notice.objects.values_list("dedupe_key", flat=True))
    Notice.objects.all().delete()
    make_pack_reminders(on(23, 17))
    assert set(Notice.objects.values_list("dedupe_key", flat=True)) == daily
    assert make_pack_reminders(on(23, 17))["new"] == 0


def test_a_reminder_whose_day_had_passed_when_the_rules_were_issued_is_not_made(cast):
    with without_triggers("campaigns_ruleversion"):
        RuleVersion.objects.filter(campaign=cast.campaign).update(issued_at=on(20))
    make_pack_reminders(on(23))
    assert (names("pack.eve"), {"liaison", "principal"} <= names("pack.late")) == (set(), True)


@pytest.mark.parametrize("units", [1, 3])
def test_the_number_of_queries_does_not_follow_the_number_of_units(cast, units, django_assert_num_queries):
    rows = RosterEntry.objects.filter(campaign=cast.campaign)
    left = list(rows.order_by("order").values_list("pk", flat=True)[units:])
    rows.filter(pk__in=left).update(left_on=on(1).date())
    # Calendar (two), open reminders, campaigns, dates; of the period: rules, lines, events, four groups of people;
    # making.
    with django_assert_num_queries(23):
        make_pack_reminders(on(17))


@pytest.mark.clock(on(21))
def test_the_task_does_what_the_function_does(cast):
    task()
    assert {"liaison", "principal"} <= names("pack.late")


def test_the_command_makes_every_kind_and_tells_how_many_are_new(cast, capsys):
    needs_on(cast, "希望周六开窗")
    before = Notice.objects.count()
    call_command("remind", now="2022-06-30T09:00", dry_run=True, json=True)
    tried = json.loads(capsys.readouterr().out)
    assert tried["new"] == len(tried["would_tell"]) > 0
    assert Notice.objects.count() == before
    call_command("remind", now="2022-06-30T09:00", dry_run=True)
    listed = capsys.readouterr().out.strip().splitlines()[1:]
    call_command("remind", now="2022-06-30T09:00")
    capsys.readouterr()
    rows = Notice.objects.filter(pk__gt=0, kind__startswith="reminder.").order_by("pk").select_related("recipient")
    assert listed == [
        f"{row.recipient.label}（{row.recipient.username}）{'［已合并］' * row.superseded}：{row.text}" for row in rows
    ]
    assert any("请填报" in line or "请报送" in line for line in listed)
    made = set(Notice.objects.values_list("kind", flat=True))
    assert made >= {"reminder.need.late", "reminder.pack.late", "reminder.packs.missing"}
    call_command("remind", now="2022-06-30T09:00", json=True)
    data = capsys.readouterr().out.strip()
    told = json.loads(data)
    looked_at = {"issues": 0, "needs": 1, "extensions": 0, "enquiries": 0, "slips": 0, "inspections": 0, "periods": 1}
    assert told["now"] == "2022-06-30T09:00:00+08:00"
    assert looked_at.items() <= told.items()
    assert data.endswith('"new": 0}')


@pytest.mark.django_db
def test_the_command_refuses_a_moment_it_cannot_read():
    with pytest.raises(CommandError, match="2022-06-19T09:00"):
        call_command("remind", now="六月十九日")
