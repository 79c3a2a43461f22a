"""本期材料 of one unit: which walks are in it, what else, and what is missing. Read once, for the page and the file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from accounts.models import User
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rules_of
from campaigns.enums import Material
from evidence.domain.store import served_size
from issues.models import Issue
from reports.domain import figures
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.queries import ReportScope
from reports.domain.submissions.papers import handed_in, own_papers
from reports.domain.walk_content import NAMED, WalkContent, contents_of
from reports.models import SubmittedPaper
from walks.domain.covert import not_hidden
from walks.enums import WalkState
from walks.models import Walk

LISTED = {"issues_found": "问题", "needs": "需求", "measures": "解决措施"}
UNDER_WAY = (WalkState.IN_PROGRESS, WalkState.RETURNED, WalkState.RECORDED, WalkState.SIGNED)


@dataclass(frozen=True)
class UnitPack:
    """``query`` sees the unit alone; ``contents`` the walks that count, by day; ``papers``: its own papers as it handed
    them in; ``counts``: rows of 三张清单 (条); ``gaps``: what is missing or left out, a sentence each."""

    query: ReportQuery
    rules: Rulebook
    unit: str
    contents: list[WalkContent]
    papers: list[SubmittedPaper]
    counts: dict[str, int]
    gaps: list[str]

    @property
    def photos(self) -> int:
        return sum(len(one.photos) for one in self.contents)

    @property
    def photo_bytes(self) -> int:
        """Bytes of all photos as they are handed out; looks at every file."""
        return sum(served_size(photo.file) for one in self.contents for photo in one.photos)

    @property
    def asks_reports(self) -> bool:
        """Whether the notice wants a report of each walk (W23 一事一报告一清单, M18 专项报告)."""
        return "报告" in self.rules.reporting.content

    @property
    def asks_ledger(self) -> bool:
        """Whether the notice wants the unit's ledger with every report (H22 芷江 登记表和问题整改台账)."""
        return "台账" in self.rules.reporting.content

    @property
    def on_ledger(self) -> QuerySet[Issue]:
        """The running ledger (F7) of the unit: what it found in the campaign up to now, not only in the period."""
        return self.query.report_scope.issues().filter(campaign=self.query.campaign)


def units_with_packs(query: ReportQuery, scopes: Sequence[ReportScope]) -> dict[int, str]:
    """{unit: its name} whose material the person may have, in the order of the list; one query.

    The unit itself and who reads the whole campaign; a receiving unit has what was sent to it.
    """
    found = [one for one in scopes if one.kind != "lead"]
    if not found:
        return {}
    rows = found[0].roster().filter(campaign=query.campaign)
    return dict(rows.values_list("department_id", "department__name"))


def narrowed(query: ReportQuery, unit_id: int, name: str, user: User | None) -> ReportQuery:
    """The question in the same person's scope, for one unit alone."""
    return replace(query, report_scope=ReportScope("unit", name, user, frozenset({unit_id})))


def by_unit(query: ReportQuery) -> dict[int, ReportQuery]:
    """{unit: the question for it alone} of the units of the scope, in the order of the list; one query."""
    rows = query.report_scope.roster().filter(campaign=query.campaign)
    return {
        pk: narrowed(query, pk, name, query.report_scope.user)
        for pk, name in rows.values_list("department_id", "department__name")
    }


def unit_pack(query: ReportQuery) -> UnitPack:
    """The material of the one unit of ``query``'s scope, in the same number of queries whatever the
    number of walks.

    A covert walk enters only when it was reported, whoever asks.
    """
    rows = figures.walks(query).filter(not_hidden()).select_related(*NAMED)
    contents = contents_of(list(rows.order_by("walk_date", "started_at", "pk")))
    _, rules = rules_of(query.campaign.pk)
    papers = list(handed_in(query))
    sent = {one.paper for one in papers}
    unsent = [one.label for one in own_papers(query) if one.key not in sent]
    return UnitPack(
        query=query,
        rules=rules,
        unit=query.report_scope.label,
        contents=contents,
        papers=papers,
        counts={key: FIGURES[key].rows(query).count() for key in LISTED},
        gaps=[f"{label}：尚未报送，没有列入。" for label in unsent] + _gaps(query, rules, contents),
    )


def words_of(walk: Walk) -> str:
    """2022-06-08 结婚登记."""
    return f"{walk.walk_date:%Y-%m-%d} {walk.item_name}"


def _gaps(query: ReportQuery, rules: Rulebook, contents: list[WalkContent]) -> list[str]:
    found = [] if contents else ["本期没有已报送并达标的体验，因此没有登记表和照片。"]
    found += [f"{words_of(walk)}：{walk.get_state_display()}，尚未报送，没有列入。" for walk in _under_way(query)]
    short = figures.short_walks(query).filter(not_hidden()).order_by("walk_date", "started_at", "pk")
    found += [f"{words_of(walk)}：未达标（{walk.shortfall}），没有列入；发现的问题和需求照列清单。" for walk in short]
    for one in contents:
        if Material.PHOTO in rules.reporting.evidence and not one.photos:
            found.append(f"{words_of(one.walk)}：没有照片，通知要求附图片。")
        if rules.reporting.stamp and not one.stamped:
            found.append(f"{words_of(one.walk)}：没有签字盖章件。")
    if contents and Material.VIDEO in rules.reporting.evidence:
        found.append("通知要求的视频不在本系统内，请另行报送。")
    return found


def _under_way(query: ReportQuery) -> QuerySet[Walk]:
    """Walks of the period not handed in that the person sees; none that is covert."""
    rows = query.report_scope.walks().filter(not_hidden(), campaign=query.campaign, state__in=UNDER_WAY)
    if query.period.kind != "whole":
        rows = rows.filter(walk_date__range=(query.period.starts_on, query.period.ends_on))
    return rows.order_by("walk_date", "started_at", "pk")
