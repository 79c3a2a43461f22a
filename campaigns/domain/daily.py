"""What is done every morning, whatever the day brings; running it twice changes nothing."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import DateField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import rights_with_role
from accounts.domain.people import administrators
from accounts.enums import AccountKind, Role
from accounts.models import Department
from campaigns.domain.deadlines import refresh_all
from campaigns.domain.states import advance
from campaigns.enums import OPEN_CAMPAIGNS
from campaigns.models import Campaign, RosterEntry
from core.calendar import missing_year
from notifications.domain.notices import Draft, ensure


@transaction.atomic
def run(now: datetime) -> dict:
    """Side effects in order: campaigns whose first day has come begin; units abolished since leave the rosters as of
    today; due dates a year ahead (with their notices); who is told of a missing year's calendar, once.

    Returns {"today", "begun" 个活动, "left" 个单位, "deadlines" 项, "notices" 条}.
    """
    today = timezone.localtime(now).date()
    return {
        "today": today.isoformat(),
        "begun": advance(today=today),
        "left": drop_abolished_units(today=today),
        "deadlines": refresh_all(today=today, now=now),
        "notices": tell_of_missing_year(now),
    }


def drop_abolished_units(*, today: date) -> int:
    """Units abolished since yesterday leave the rosters of open campaigns, as of the day on which they were abolished:
    their records stay, they owe nothing new."""
    rows = RosterEntry.objects.filter(left_on=None, department__is_active=False, campaign__state__in=OPEN_CAMPAIGNS)
    abolished = Department.objects.filter(pk=OuterRef("department_id")).values("abolished_on")
    return rows.update(left_on=Coalesce(Subquery(abolished), Value(today, DateField())))


def tell_of_missing_year(now: datetime) -> int:
    """From 1 November the offices of open campaigns and the system administrator are told, once for a year, that its
    notice is not entered (docs/trust.md E9); returns how many notices (条) are new."""
    year = missing_year(timezone.localtime(now).date())
    if year is None:
        return 0
    offices = Campaign.objects.filter(state__in=OPEN_CAMPAIGNS).values_list("office_id", flat=True)
    found = rights_with_role(department_ids=set(offices), roles=(Role.OFFICE,))
    words = f"{year} 年放假安排尚未录入，按工作日推算的该年期限均为“暂定”"
    to_office = (f"{words}。国务院办公厅通知公布后，请系统管理员录入。", reverse("campaigns"))
    to_keeper = (f"{words}。国务院办公厅通知公布后，请在“工作日历”录入。", reverse("calendar"))
    told = {user: (right, *to_office) for people in found.values() for user, right in people.items()}
    told |= dict.fromkeys(administrators(AccountKind.SYSADMIN), ("", *to_keeper))
    key = f"calendar:missing:{year}"
    drafts = [
        Draft(recipient_id=user, kind="calendar.missing", key=key, text=text, right=right, link=link)
        for user, (right, text, link) in told.items()
    ]
    return ensure(drafts, now=now)
