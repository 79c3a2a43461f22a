"""Whose figures a person may read. Every page, count, row and workbook of a period starts from an ``ReportScope``."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.queries import campaigns_visible_to
from campaigns.models import Campaign, Receiver, RosterEntry
from core.exceptions import Refused
from core.jobs import jobs_of
from core.models import Job
from issues.domain.queries import issues_seen_by
from issues.models import Issue
from reports.models import Publication, Summary
from walks.domain.queries import walks_visible_to
from walks.models import Walk


@dataclass(frozen=True)
class ReportScope:
    """One way of looking at a campaign: the rows a person may see, narrowed to what the figures are about.

    ``kind`` ``all``: every unit of the roster; ``lead``: every unit, but only what ``departments`` received; ``unit``:
    only the lines of ``departments``. ``label`` names region or departments; ``user`` None is the system that compiles.
    """

    kind: Literal["all", "lead", "unit"]
    label: str = ""
    user: User | None = None
    departments: frozenset[int] = frozenset()

    @property
    def title(self) -> str:
        """Whose figures these are, for the head of a page."""
        words = {"all": "{}全部单位", "lead": "{}接收的体验和问题", "unit": "本单位（{}）"}
        return words[self.kind].format(self.label)

    def walks(self) -> QuerySet[Walk]:
        """Walks, reported or not, of any campaign."""
        rows = Walk.objects.all() if self.user is None else walks_visible_to(self.user)
        return rows.filter(self._narrowed("receiver", "department"))

    def issues(self) -> QuerySet[Issue]:
        """Issues on the ledger, of any campaign; a unit's line holds the issues that it found itself."""
        return issues_seen_by(self.user).filter(self._narrowed("lead_department", "discovering_department"))

    def roster(self) -> QuerySet[RosterEntry]:
        """Units bound by a campaign, of any campaign, in fixed order."""
        return RosterEntry.objects.filter(
            Q(department_id__in=self.departments) if self.kind == "unit" else Q()
        ).order_by("order", "id")

    def _narrowed(self, received_by: str, unit: str) -> Q:
        if self.kind == "all":
            return Q()
        return Q(**{f"{received_by if self.kind == 'lead' else unit}_id__in": self.departments})


SYSTEM = ReportScope("all")


def report_scopes(user: User, campaigns: Iterable[Campaign]) -> dict[int, list[ReportScope]]:
    """{campaign id: the scopes this person has on it, widest first}; at most two queries whatever their number.

    - the office and supervisors of the campaign's region or of one above it: ``all``
    - staff of a unit that receives reports of the campaign: ``lead``, what that unit received
    - principal, deputies and liaisons of a unit on the roster: ``unit``, their own line, headed 本单位
    - rectification owners: none, because a unit's line counts walks and issues which they may not see
    - the three administrators, other counties: none

    A person with several parts has several scopes and chooses; figures of two scopes are never added up.
    """
    scope, campaigns = scope_of(user), list(campaigns)
    ids = [campaign.pk for campaign in campaigns]
    receivers = Receiver.objects.filter(campaign_id__in=ids, department_id__in=scope.leads)
    rosters = RosterEntry.objects.filter(campaign_id__in=ids, department_id__in=scope.units)
    leads, units = _by_campaign(receivers), _by_campaign(rosters)
    found: dict[int, list[ReportScope]] = {pk: [] for pk in ids}
    for campaign in campaigns:
        pk = campaign.pk
        if campaign.region_id in scope.read_regions:
            found[pk].append(ReportScope("all", campaign.region.name, user))
        if pk in leads:
            found[pk].append(ReportScope("lead", "、".join(leads[pk].values()), user, frozenset(leads[pk])))
        if pk in units:
            found[pk].append(ReportScope("unit", "、".join(units[pk].values()), user, frozenset(units[pk])))
    return found


def scope_named(campaign: Campaign, user: User | None, unit: str) -> ReportScope:
    """The widest scope of a person (None: the system), or one unit of it by name. Refused in words without one."""
    scopes = [SYSTEM] if user is None else report_scopes(user, [campaign])[campaign.pk]
    if not scopes:
        raise Refused("该用户看不到本活动的统计。", rule="report.scope")
    if not unit:
        return scopes[0]
    listed = scopes[0].roster().filter(campaign=campaign, department__name=unit)
    found = listed.values_list("department_id", "department__name").first()
    if found is None:
        raise Refused(f"活动名单中没有单位“{unit}”，或不在可见范围内。", rule="report.unit")
    return ReportScope("unit", found[1], user, frozenset({found[0]}))


def _by_campaign(rows: QuerySet[Receiver] | QuerySet[RosterEntry]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for campaign_id, department_id, name in rows.values_list("campaign_id", "department_id", "department__name"):
        found.setdefault(campaign_id, {})[department_id] = name
    return found


def reported_campaigns(user: User) -> list[tuple[Campaign, list[ReportScope]]]:
    """Issued campaigns of which the person may read figures, newest first, with the scopes on each."""
    issued = campaigns_visible_to(user)
    campaigns = list(issued.select_related("region", "office"))
    found = report_scopes(user, campaigns)
    return [(campaign, found[campaign.pk]) for campaign in campaigns if found[campaign.pk]]


def jobs_visible_to(user: User) -> QuerySet[Job]:
    """The person's own jobs, as long as the rights are those under which they were asked for: who has moved keeps no
    page and no file of an earlier post."""
    return jobs_of(user, scope_of(user).fingerprint)


def publications_visible_to(user: User) -> QuerySet[Publication]:
    """Published periods, for those who read the whole campaign."""
    return Publication.objects.filter(campaign__region_id__in=scope_of(user).read_regions)


def summaries_visible_to(user: User) -> QuerySet[Summary]:
    """Compiled periods cover every unit: for those only who read the whole campaign."""
    return Summary.objects.filter(campaign__region_id__in=scope_of(user).read_regions)
