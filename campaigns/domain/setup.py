"""What the pages of setting up a campaign show: templates to choose from, the checklist, the history of versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from accounts.enums import DepartmentKind
from accounts.models import Department, Region, User
from accounts.scope import scope_of
from campaigns.domain.must_walk import items_to_cover
from campaigns.domain.queries import campaigns_and_drafts
from campaigns.domain.rulebook.consistency import Problem, hints
from campaigns.domain.rulebook.rulebook import Rulebook, load_template, template_names
from campaigns.domain.rulebook.wording import GROUPS, Clause, clauses
from campaigns.enums import CoverageBasis, Rhythm
from campaigns.models import Campaign, RosterEntry, RuleVersion
from catalogue.domain.queries import LeadsBundle, leads_bundle
from core.text import pinyin_initials

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    ListedEntry = WithAnnotations[RosterEntry, LeadsBundle]

# With less of the year left than this, a standing campaign is proposed to the end of the next one: a quarter of which
# it would hold less than half would owe nothing.
LEAST_DAYS = 90


@dataclass(frozen=True)
class Group:
    """One page of rules on the checklist: its clauses in words, what contradicts itself there, what to look at."""

    key: str
    label: str
    clauses: list[Clause]
    problems: list[Problem]
    hints: list[Problem]


def templates() -> list[tuple[str, Rulebook]]:
    """The notices that stand ready, each (name, rulebook), the oldest first."""
    return [(name, load_template(name)) for name in template_names()]


def offices_of(user: User) -> QuerySet[Department]:
    """The coordinating offices in whose name the person draws up campaigns."""
    offices = Department.objects.filter(pk__in=scope_of(user).offices, is_active=True)
    return offices.select_related("region").order_by("region__order", "order", "id")


def proposed_days(rules: Rulebook, today: date) -> tuple[date, date]:
    """First and last day to begin with: a one-off campaign lasts as long as its notice's own, a standing one to the
    end of the year (of the next, when fewer than LEAST_DAYS calendar days are left)."""
    if rules.reporting.rhythm == Rhythm.ONCE:
        return today, today + (rules.ends_on - rules.starts_on)
    end = date(today.year, 12, 31)
    return today, end if end - today >= timedelta(days=LEAST_DAYS) else date(today.year + 1, 12, 31)


def offices_in(region: Region) -> list[Department]:
    """The coordinating offices of a region, of which one may be named as publisher."""
    return list(
        Department.objects.filter(region=region, is_active=True, kind=DepartmentKind.OFFICE).order_by("order", "id")
    )


def proposed_code(user: User, region: Region, today: date) -> str:
    """Letters of the region and the year (青禾县, 2026 → QH2026), with a number behind when the person has that one."""
    stem = pinyin_initials(region.name[:-1] if len(region.name) > 2 else region.name).upper()[:8] or "HD"
    codes = set(campaigns_and_drafts(user).filter(code__startswith=stem).values_list("code", flat=True))
    names = [f"{stem}{today.year}", *(f"{stem}{today.year}-{n}" for n in range(2, len(codes) + 3))]
    return next(name for name in names if name not in codes)


def working_version(campaign: Campaign) -> tuple[RuleVersion, Rulebook]:
    """The version being drafted, or the one issued last where none is."""
    version = RuleVersion.objects.filter(campaign=campaign).latest("number")
    return version, Rulebook.from_data(version.data)


def is_being_drafted(campaign: Campaign) -> bool:
    """True while a version of the rules, the first or an amendment, is being edited."""
    return RuleVersion.objects.filter(campaign=campaign, issued_at=None).exists()


def version_history(campaign: Campaign, today: date) -> list[dict]:
    """Issued versions, the latest first, with who drew it up, when, why, from when it holds; ``holds``: today."""
    rows = RuleVersion.objects.filter(campaign=campaign, issued_at__isnull=False).order_by("-number")
    fields = ("number", "effective_on", "issued_at", "reason", "created_by__name")
    found = list(rows.values(*fields))
    now = next((row["number"] for row in found if row["effective_on"] <= today), 1)
    return [row | {"holds": row["number"] == now, "is_coming": row["effective_on"] > today} for row in found]


def checklist(rules: Rulebook, problems: Sequence[Problem] = (), hints: Sequence[Problem] = ()) -> list[Group]:
    """The pages of rules in the order an office goes through them."""
    return [
        Group(key, label, clauses(rules, key), _of(key, problems), _of(key, hints)) for key, label in GROUPS.items()
    ]


def hints_of(campaign: Campaign, rules: Rulebook) -> list[Problem]:
    """What in a campaign's rules deserves a second look before issuing; one query at most."""
    own = load_template(campaign.template)
    spare = (own.ends_on - own.cadence.due.day).days if own.cadence.due.day else 0
    is_asked = rules.coverage.basis != CoverageBasis.NONE
    to_cover = items_to_cover(campaign, rules).count() if is_asked else 0
    return hints(rules, to_cover=to_cover, spare_days=spare, is_new=campaign.issued_at is None)


def fixed_dates(rules: Rulebook) -> list[tuple[str, str, date]]:
    """(what falls due, the page of rules that sets it, its day) of every date told as a day of the calendar."""
    told = (
        ("体验截止", "cadence", rules.cadence.due),
        ("报计划", "planning", rules.planning.due),
        ("报送", "reporting", rules.reporting.due),
        ("牵头汇总", "reporting", rules.reporting.summary_due),
    )
    return [(what, GROUPS[group], due.day) for what, group, due in told if due.day]


def _of(group: str, found: Sequence[Problem]) -> list[Problem]:
    return [one for one in found if one.group == group]


def roster_size(campaign: Campaign) -> int:
    """How many units (个) the campaign binds now."""
    return RosterEntry.objects.filter(campaign=campaign, left_on=None, department__is_active=True).count()


def roster_state(campaign: Campaign) -> "dict[int, ListedEntry]":
    """{unit id: its entry} of everything that stands or stood on the roster, in its fixed order, each with whether it
    leads an 一件事."""
    entries = RosterEntry.objects.filter(campaign=campaign).annotate(leads_bundle=leads_bundle("department_id"))
    rows = entries.select_related("department").order_by("order", "id")
    return {entry.department_id: entry for entry in rows}
