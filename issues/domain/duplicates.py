"""Problems that may be one and the same, offered where a problem is noted, brought in or merged. Only what the person
sees on the ledger is compared: of anything else no hint is given."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from campaigns.models import Campaign
from core.searching import holds, searched
from core.text import normalize_text
from issues.domain.alike import Pairs, alikeness, pairs_of
from issues.domain.queries import issues_seen_by
from issues.enums import ENDED_STATES, IssueState
from issues.models import Issue

# 件: offered for one problem; compared with on one page, the newest; listed of a search.
OFFERED, COMPARED, LISTED = 5, 500, 20
ROW: tuple[str, ...] = ("pk", "number", "state", "description", "category", "campaign_id", "item_id", "found_on")
ROW += ("responsible_department_id", "proposed_department_id", "responsible_department__name", "proposed_name")


@dataclass(frozen=True)
class ComparedProblem:
    """A problem to be compared: where and on what it was found. ``category`` "" where it has no class yet; ``pk``: of
    the issue it is, which is not like itself."""

    campaign: int
    item: int | None
    unit: int | None
    category: str
    text: str
    pk: int | None = None


@dataclass(frozen=True)
class Likely:
    """An issue on the ledger that may be the same problem."""

    number: str
    state: str
    description: str
    unit: str
    found_on: Any
    pairs: Pairs = field(repr=False)
    pk: int = 0

    @property
    def state_label(self) -> str:
        return IssueState(self.state).label


def compared_of(issue: Issue) -> ComparedProblem:
    """What of an issue is compared."""
    return ComparedProblem(
        issue.campaign_id, issue.item_id, unit_of(issue), issue.category, issue.description, issue.pk
    )


def unit_of(issue: Issue) -> int | None:
    """The unit concerned: who is responsible, else who was named when it was noted."""
    return issue.responsible_department_id or issue.proposed_department_id


def likely_of(user: User | None, issue: Issue) -> list[Likely]:
    """Issues that may be this one, the most alike first; one query."""
    [found] = likely_same(user, [compared_of(issue)])
    return found


def likely_same(user: User | None, told: Sequence[ComparedProblem]) -> list[list[Likely]]:
    """For each problem the issues that may be the same, the most alike first: of its campaign, unit and item, and of
    its class where both have one. One query; none where nothing is told. ``user`` None: the command, everything."""
    if not told:
        return []
    places = {(one.campaign, one.item, one.unit) for one in told}
    known = KnownProblems(_rows(user, places))
    return [known.like(one) for one in told]


class KnownProblems:
    """Issues by what they are compared by, to be asked for many problems."""

    def __init__(self, rows: Iterable[dict]):
        self._rows: dict[tuple, list[dict]] = defaultdict(list)
        self._read: dict[tuple, list[tuple[str, Likely]]] = {}
        for row in rows:
            unit = row["responsible_department_id"] or row["proposed_department_id"]
            self._rows[row["campaign_id"], row["item_id"], unit].append(row)

    def like(self, one: ComparedProblem) -> list[Likely]:
        """At most five, the most alike first, of those equally alike the newest."""
        near = [
            found
            for category, found in self._at((one.campaign, one.item, one.unit))
            if found.pk != one.pk and (not category or not one.category or category == one.category)
        ]
        pairs = pairs_of(one.text) if near else frozenset()
        shares = ((alikeness(found.pairs, pairs), found) for found in near)
        alike = [(share, found) for share, found in shares if share is not None]
        return [found for _, found in sorted(alike, key=lambda pair: -pair[0])[:OFFERED]]

    def _at(self, place: tuple) -> list[tuple[str, Likely]]:
        # Their words are taken apart where somebody asks: a table asks of few places.
        if place not in self._read:
            self._read[place] = [(row["category"], _likely(row)) for row in self._rows.get(place, ())]
        return self._read[place]


def known_problems(user: User | None, campaign: Campaign) -> KnownProblems:
    """Every issue of a campaign that the person sees, for a table that is brought in; one query."""
    return KnownProblems(_on_ledger(user).filter(campaign=campaign).order_by("-pk").values(*ROW).iterator())


def mergeable(user: User | None, issue: Issue) -> QuerySet[Issue]:
    """What an issue may be merged into: on the ledger of the same campaign, seen by the person, not itself."""
    return _on_ledger(user).filter(campaign_id=issue.campaign_id, region_id=issue.region_id).exclude(pk=issue.pk)


def searched_for(user: User, issue: Issue, words: str) -> list[Likely]:
    """Those of ``mergeable`` that hold every word, the newest first; one query, none without a word."""
    wanted = Q()
    for word in normalize_text(searched(words)).split():
        wanted &= holds("search_text", word)
    if not wanted:
        return []
    rows = mergeable(user, issue).filter(wanted).order_by("-pk").values(*ROW)[:LISTED]
    return [_likely(row) for row in rows]


def _on_ledger(user: User | None) -> QuerySet[Issue]:
    return issues_seen_by(user).exclude(state__in=ENDED_STATES)


def _rows(user: User | None, places: Iterable[tuple[int, int | None, int | None]]) -> list[dict]:
    wanted = Q(pk__in=())
    for campaign, item, unit in sorted(places, key=str):
        wanted |= Q(campaign_id=campaign, item_id=item) & _of_unit(unit)
    return list(_on_ledger(user).filter(wanted).order_by("-pk").values(*ROW)[:COMPARED])


def _of_unit(unit: int | None) -> Q:
    return Q(responsible_department_id=unit) | Q(responsible_department=None, proposed_department_id=unit)


def _likely(row: dict) -> Likely:
    return Likely(
        number=row["number"],
        state=row["state"],
        description=row["description"],
        unit=row["responsible_department__name"] or row["proposed_name"],
        found_on=row["found_on"],
        pairs=pairs_of(row["description"]),
        pk=row["pk"],
    )
