"""Whom an enquiry (举一反三) may be sent to."""

from datetime import date

from django.db.models import QuerySet

from accounts.models import Department, User
from campaigns.domain.owed import units_seen
from campaigns.domain.versions import rules_of
from issues.models import Issue


def units_to_ask(user: User, issue: Issue, today: date) -> QuerySet[Department]:
    """The units bound by the campaign today whose doings the person may follow, in the fixed order: every one for the
    office, for a lead those it receives from. Without the responsible unit, which rectifies the issue itself."""
    rules = rules_of(issue.campaign_id, today)[1]
    bound = [one.id for one in units_seen(user, issue.campaign, rules) if one.is_bound(today, today)]
    asked = [pk for pk in bound if pk != issue.responsible_department_id]
    return Department.objects.filter(pk__in=asked, is_active=True).order_by("order", "pk")
