"""What is kept for a set time and then erased (docs/trust.md B8), class by class: citizens named on walks, who reported
a problem, photos as they were uploaded. The time is a rule of the campaign and begins when it is archived.

Erasing keeps every figure and the proof: a signature covers the digest of a person, a file its own digest, and the
audit says who erased how much and why. What belongs to an issue that is still open waits until it has ended. It stands
here because several apps keep such data.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.rules import may_erase
from campaigns.domain.versions import rulebooks
from campaigns.enums import CampaignState
from campaigns.models import Campaign
from core import audit
from core.exceptions import NotAllowed, Refused
from evidence.domain.store import erase_originals
from evidence.models import StoredFile
from issues.domain.incoming import records
from issues.models import Incoming, Issue
from walks.domain import personal
from walks.domain.covert import hidden, not_hidden
from walks.models import Step

PEOPLE, REPORTERS, ORIGINALS = "people", "reporters", "originals"
LABELS = {PEOPLE: "被回访、参加人员", REPORTERS: "来件反映人", ORIGINALS: "照片原件"}
UNITS = {PEOPLE: "条", REPORTERS: "件", ORIGINALS: "个"}
ERASED = "retention.erased"


@dataclass(frozen=True)
class Kept:
    """How much of one class a campaign still keeps, and from which day it is erased."""

    kind: str
    count: int
    erased_from: date
    is_due: bool

    @property
    def label(self) -> str:
        return LABELS[self.kind]

    @property
    def counter(self) -> str:
        return UNITS[self.kind]

    @property
    def words(self) -> str:
        return f"{LABELS[self.kind]} {self.count} {UNITS[self.kind]}"


@dataclass(frozen=True)
class KeptCampaign:
    """An archived campaign with what it keeps; nothing of a covert walk that was never reported is counted."""

    code: str
    name: str
    archived_on: date
    classes: tuple[Kept, ...]

    @property
    def due(self) -> tuple[Kept, ...]:
        return tuple(one for one in self.classes if one.is_due and one.count)


def kept_campaigns(now: datetime) -> list[KeptCampaign]:
    """The archived campaigns that keep something, the longest archived first; five queries."""
    return [one for one in _archived(now) if any(kept.count for kept in one.classes)]


def _archived(now: datetime) -> list[KeptCampaign]:
    """Every archived campaign, those too that keep nothing that may be told."""
    today = timezone.localtime(now).date()
    archived = list(Campaign.objects.filter(state=CampaignState.ARCHIVED).order_by("archived_at", "pk"))
    ids = [one.pk for one in archived]
    books, counts = rulebooks(ids), _counts(ids)
    found = []
    for one in archived:
        since, reporting = timezone.localtime(one.archived_at).date(), books[one.pk].reporting
        years = {PEOPLE: reporting.keep_people_years, REPORTERS: reporting.keep_people_years}
        years[ORIGINALS] = reporting.keep_originals_years
        days = {kind: years_after(since, years[kind]) for kind in LABELS}
        classes = tuple(Kept(kind, counts[kind].get(one.pk, 0), days[kind], days[kind] <= today) for kind in LABELS)
        found.append(KeptCampaign(one.code, one.name, since, classes))
    return found


def years_after(day: date, years: int) -> date:
    """The same day that many years later; of 29 February, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def due_words(campaigns: Iterable[KeptCampaign]) -> list[str]:
    """What is to be erased now, a line for each campaign."""
    return [f"{one.name}：{'、'.join(kept.words for kept in one.due)}" for one in campaigns if one.due]


def require_eraser(actor: User) -> None:
    """Raise NotAllowed (403) for anybody but 安全管理员."""
    if not may_erase(actor):
        raise NotAllowed("期满清除由安全管理员办理。", rule="retention.secadmin")


@transaction.atomic
def erase_expired(*, actor: User, reason: str, now: datetime | None = None) -> dict[str, int]:
    """Erase everything whose time is over; {class: how much}. What belongs to a covert walk that was never reported is
    erased with it and told in no count.

    Side effects in order, campaign by campaign: the people of each walk and each reporter, an audit entry each;
    originals, their files once it is committed; one audit entry with the counts. Raises NotAllowed for anybody but
    安全管理员, Refused without a reason and where nothing is due.
    """
    require_eraser(actor)
    now = now or timezone.now()
    if not reason.strip():
        raise Refused("请写明清除的原因，没有清除。", fields={"reason": "请写明原因"})
    total = dict.fromkeys(LABELS, 0)
    for one in _archived(now):
        for kept in one.classes:
            if kept.is_due:
                _erase(kept.kind, one.code, actor, reason, now)
                total[kept.kind] += kept.count
        if one.due:
            detail = {"reason": reason.strip()} | {kept.label: kept.count for kept in one.due}
            audit.record(actor=actor, action=ERASED, object_type="campaign", object_key=one.code, detail=detail)
    if not any(total.values()):
        raise Refused("没有保存期满的内容，没有清除。", rule="retention.none")
    return total


def _erase(kind: str, code: str, actor: User, reason: str, now: datetime) -> None:
    pks = Campaign.objects.filter(code=code).values_list("pk", flat=True)
    if kind == ORIGINALS:
        erase_originals(files=_originals(pks), now=now)
    elif kind == REPORTERS:
        for row in _reporters(pks).select_related("issue"):
            records.erase(issue=row.issue, actor=actor, reason=reason, now=now)
    else:
        for step in _people(pks).select_related("walk"):
            personal.erase(step=step, actor=actor, reason=reason, now=now)


def _people(campaign_ids: Iterable[int]) -> QuerySet[Step]:
    return Step.objects.filter(walk__campaign__in=campaign_ids, personal__isnull=False, personal__erased_at=None)


def _reporters(campaign_ids: Iterable[int]) -> QuerySet[Incoming]:
    """Of issues that have ended; ``open_key`` is 1 while one is open."""
    return Incoming.objects.filter(issue__campaign__in=campaign_ids, erased_at=None).exclude(issue__open_key=1)


def _originals(campaign_ids: Iterable[int]) -> QuerySet[StoredFile]:
    """Photos of walks and of issues, but for those of issues that are still open and of the walks that found them."""
    open_issues = Issue.objects.filter(open_key=1)
    of_walk = Q(step_link__step__walk__campaign__in=campaign_ids) | Q(stamped_link__walk__campaign__in=campaign_ids)
    of_issue = Q(issue_link__issue__campaign__in=campaign_ids)
    found_here = Exists(open_issues.filter(walk=OuterRef("step_link__step__walk")))
    stamped_here = Exists(open_issues.filter(walk=OuterRef("stamped_link__walk")))
    rows = StoredFile.objects.filter(of_walk | of_issue, source_erased_at=None)
    return rows.exclude(found_here).exclude(stamped_here).exclude(issue_link__issue__open_key=1)


def _counts(ids: list[int]) -> dict[str, dict[int, int]]:
    """{class: {campaign: how much}}; a query each."""
    people = _people(ids).filter(not_hidden("walk__")).values(campaign=F("walk__campaign"))
    reporters = _reporters(ids).values(campaign=F("issue__campaign"))
    belongs = Coalesce("step_link__step__walk__campaign", "stamped_link__walk__campaign", "issue_link__issue__campaign")
    originals = _originals(ids).exclude(hidden("step_link__step__walk__")).values(campaign=belongs)
    return {
        PEOPLE: {row["campaign"]: row["n"] for row in people.annotate(n=Count("pk")).order_by()},
        REPORTERS: {row["campaign"]: row["n"] for row in reporters.annotate(n=Count("pk")).order_by()},
        ORIGINALS: {row["campaign"]: row["n"] for row in originals.annotate(n=Count("pk")).order_by()},
    }
