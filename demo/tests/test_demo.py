"""``demo``: the fictional county."""

import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.audit_words import in_words
from accounts.enums import Role
from accounts.models import Department, Membership, Region, User
from campaigns.domain.lifecycle import create_campaign
from campaigns.models import RosterEntry
from catalogue.models import ServiceItem
from core import audit
from core.models import AuditEntry
from demo.domain.material import ACCOUNTS, COUNTY_CODE, PASSWORD
from demo.domain.photos import photos_for
from demo.domain.places import make_places
from evidence.domain.store import open_served, open_thumb
from evidence.models import StoredFile
from issues.domain.inbox import waiting_issues
from issues.domain.lookback.draws import pool_of
from issues.domain.overdue import overdue_q
from issues.domain.queries import issues_visible_to
from issues.enums import CLOSED_STATES, IssueState
from issues.models import Issue, IssueEvent, LookBackDraw, Measure, Need
from reports.domain.publishing import is_intact
from reports.models import Publication, Submission
from walks.domain.inbox import waiting_walks
from walks.domain.start_options import openings_for
from walks.enums import WalkState
from walks.models import Walk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def demo(media, capsys):
    """Built on top of a run that was cut off before its last transaction."""
    make_places()
    photos_for(User.objects.get(username="juzhang"), ["hall", "street"])
    call_command("demo")
    return capsys.readouterr().out


def everything() -> dict:
    """Every row of every table."""
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in apps.get_models()}


def test_the_county_stands_whole_and_a_second_run_changes_nothing(demo, capsys):
    the_command_prints_every_account(demo)
    the_roster_has_the_shape_of_the_notice()
    every_account_signs_in_with_the_password_shown()
    every_role_is_held_by_somebody()
    every_state_is_there()
    the_month_holds_walks_of_many_units_and_silent_ones()
    issues_came_about_as_they_would_have()
    photos_can_be_opened()
    two_months_are_published()
    something_waits_for_each_person_who_acts()
    the_office_can_draw_for_the_look_back()
    nobody_of_the_county_sees_the_neighbour()
    a_head_can_start_a_walk_today()
    before = everything()
    call_command("demo")
    call_command("demo", if_empty=True)
    assert "已在库中，未做改动" in capsys.readouterr().out
    assert everything() == before
    assert audit.verify().ok
    no_code_stands_in_the_audit()


def no_code_stands_in_the_audit():
    """Apart from what is a name of its own: files, accounts, seeds, digests, random numbers."""
    names = {"file", "seed", "digest", "sha256", "sheet", "change"}
    told = {
        words
        for detail in AuditEntry.objects.values_list("detail", flat=True)
        for words in in_words({key: value for key, value in detail.items() if key not in names})
    }
    assert len(told) > 100
    assert [words for words in told if re.search("[a-z]", words)] == []


def the_command_prints_every_account(printed):
    assert PASSWORD in printed
    assert all(f"  {username} " in printed for username, _ in ACCOUNTS)


def the_roster_has_the_shape_of_the_notice():
    units = [entry.department for entry in RosterEntry.objects.filter(campaign__code=COUNTY_CODE).order_by("order")]
    assert len(units) == 35
    assert [units[0].name, units[19].name, units[31].name] == ["县发改委", "县行政审批局", "县统计局"]
    assert [unit.kind for unit in units[32:]] == ["town"] * 3
    assert not Department.objects.filter(name__contains="蓝").exists()
    assert Region.objects.get(name="青禾县").parent.name == "云岭市"
    named = ServiceItem.objects.filter(department__region__name="青禾县", department__in=units)
    assert named.filter(name__in=["取水许可审批", "执业药师注册", "结婚登记"]).count() == 3
    assert named.count() >= 37


def every_account_signs_in_with_the_password_shown():
    for user in User.objects.filter(username__in=[username for username, _ in ACCOUNTS]):
        validate_password(PASSWORD, user)
        assert user.check_password(PASSWORD)
        assert not user.must_change_password
    assert User.objects.filter(username__in=[username for username, _ in ACCOUNTS]).count() == len(ACCOUNTS)


def every_role_is_held_by_somebody():
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    assert set(User.objects.values_list("kind", flat=True)) == {"staff", "sysadmin", "secadmin", "auditor"}


def every_state_is_there():
    assert set(Issue.objects.values_list("state", flat=True)) == set(IssueState.values)
    shown = {"planned", "in_progress", "recorded", "signed", "reported", "accepted", "returned"}
    assert set(Walk.objects.values_list("state", flat=True)) == shown
    assert Walk.objects.filter(state=WalkState.IN_PROGRESS, is_waiting=True).exists()


def the_month_holds_walks_of_many_units_and_silent_ones():
    month = Walk.objects.filter(campaign__code=COUNTY_CODE, period="2022-06", reported_at__isnull=False)
    walked = set(month.values_list("department_id", flat=True))
    assert (min(month.dates("walk_date", "day")), max(month.dates("walk_date", "day"))) == (
        date(2022, 5, 26),
        date(2022, 6, 20),
    )
    assert 20 <= len(walked) < 35
    assert month.filter(walk_date=date(2022, 6, 8)).count() >= 5
    assert set(month.values_list("mode", flat=True)) == {"in_person", "on_behalf", "accompany", "online"}
    assert len(set(month.values_list("activity_kind", flat=True))) == 4
    assert month.exclude(zero_explained="").exists()


def issues_came_about_as_they_would_have():
    issues = Issue.objects.filter(campaign__code=COUNTY_CODE).exclude(state=IssueState.DRAFT)
    numbers = list(issues.order_by("number").values_list("number", flat=True))
    assert numbers == [f"QH2022-{n:05d}" for n in range(1, len(numbers) + 1)]
    registered = list(
        IssueEvent.objects.filter(kind="register", issue__in=issues)
        .order_by("issue__number")
        .values_list("at", flat=True)
    )
    assert registered == sorted(registered)
    assert issues.filter(round=2, state=IssueState.VERIFIED).exists()
    assert issues.filter(round=2, state=IssueState.RECTIFYING).exists()
    assert issues.filter(overdue_q(timezone.localdate())).count() >= 3
    assert issues.filter(state=IssueState.MERGED, merged_into__isnull=False).exists()
    assert not issues.filter(state__in=CLOSED_STATES, closed_by=None).exists()
    reductions = Measure.objects.exclude(reduction="").values_list("reduction", "before", "after")
    assert {kind for kind, _, _ in reductions} == {"steps", "days", "documents", "trips"}
    assert ("days", 10, 6) in reductions
    assert all(before > after for _, before, after in reductions)
    assert {need.subject for need in Need.objects.all()} == {"firm", "citizen", "unit"}


def photos_can_be_opened():
    files = list(StoredFile.objects.all())
    assert len(files) == 15
    for file in files:
        with open_served(file) as served, open_thumb(file) as thumb:
            assert served.read(2) == thumb.read(2) == b"\xff\xd8"
    assert not StoredFile.objects.filter(step_link=None, issue_link=None).exists()


def two_months_are_published():
    last, first = Publication.objects.select_related("summary")
    assert (first.period, first.summary.data["sessions"]) == ("2022-06", 23)
    assert last.asked.ends_on < timezone.localdate() <= last.asked.next().ends_on
    assert last.changed_earlier
    # Leads send on and the office receives on the second day after the end.
    for one in (one for one in (first, last) if one.asked.ends_on + timedelta(days=2) <= timezone.localdate()):
        packs = Submission.objects.filter(campaign=one.campaign, period=one.period)
        assert {"sent_on", "received"} <= set(packs.values_list("state", flat=True))
        assert set(packs.values_list("content", flat=True)) >= {"pack", "zero"}
    assert is_intact(first)
    assert is_intact(last)
    [sheet] = first.public_sheets.all()
    assert (sheet.state, sheet.places.count()) == ("released", 1)
    assert "青禾县" in bytes(sheet.page).decode()


def something_waits_for_each_person_who_acts():
    for username in ("juzhang", "lianluo", "zerenren", "qiantou", "qiantou2", "tongchou", "tongchou2", "baishi"):
        user = User.objects.get(username=username)
        assert waiting_walks(user) or waiting_issues(user, today=timezone.localdate()), username
    supervisor = User.objects.get(username="ducha")
    assert issues_visible_to(supervisor).filter(overdue_q(timezone.localdate())).exists()


def the_office_can_draw_for_the_look_back():
    [drawn] = LookBackDraw.objects.all()
    pool = {issue.number for issue in pool_of(drawn.campaign, timezone.now())}
    assert len(drawn.chosen) >= 2
    assert len(pool) >= 5
    assert not pool & set(drawn.population)


def nobody_of_the_county_sees_the_neighbour():
    neighbour, head = User.objects.get(username="baishi"), User.objects.get(username="juzhang")
    theirs, ours = set(issues_visible_to(neighbour)), set(issues_visible_to(head))
    assert theirs
    assert ours
    assert not theirs & ours
    city = set(issues_visible_to(User.objects.get(username="shitongchou")))
    assert theirs | ours <= city


def a_head_can_start_a_walk_today():
    head = User.objects.get(username="juzhang")
    assert [opening.campaign.code for opening in openings_for(head, today=timezone.localdate())] == [COUNTY_CODE]


def real_campaign():
    create_campaign(
        template="lantian-2022",
        code="R2022",
        name="正式活动",
        region_name="某县",
        start=date(2022, 5, 25),
        end=date(2023, 12, 31),
    )


def test_a_database_with_a_real_campaign_is_refused_and_left_alone(media):
    real_campaign()
    before = everything()
    with pytest.raises(CommandError, match="库中已有正式活动"):
        call_command("demo")
    assert everything() == before


def test_if_empty_says_and_does_nothing_beside_a_real_campaign(media, capsys):
    real_campaign()
    before = everything()
    call_command("demo", if_empty=True)
    assert capsys.readouterr().out == ""
    assert everything() == before


def test_a_user_name_held_by_somebody_else_stops_it_with_nothing_written(media):
    User.objects.create(username="juzhang", name="真实的人")
    with pytest.raises(CommandError, match="已由“真实的人”使用"):
        call_command("demo")
    assert (User.objects.count(), Region.objects.count()) == (1, 0)
