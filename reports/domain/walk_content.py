"""Everything that was entered on a walk, read once for its papers: of one walk or of all walks of a pack, in the same
number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.models import Campaign
from core.exceptions import Refused
from core.text import read_uuid
from evidence.models import StoredFile
from issues.domain.intake import findings_of
from issues.domain.lookback.queries import look_backs_by_walk
from issues.domain.queries import found_links, measures_by_issue
from issues.enums import ENDED_STATES
from issues.models import Issue, IssueEvent, LookBack, Need
from reports.domain.queries import SYSTEM
from walks.domain.covert import not_hidden
from walks.domain.guards import missing_for_record
from walks.domain.queries import photo_links
from walks.domain.shown import walks_shown_to
from walks.enums import WalkState
from walks.models import StampedPage, Step, Walk

NAMED = ("campaign__office", "rules", "item__department", "signed_by")
# Of a walk whose content a principal has signed; before that a paper would say what nobody answers for.
READY_STATES = (WalkState.SIGNED, WalkState.REPORTED, WalkState.ACCEPTED)
TELLS_PROGRESS = ("fix_on_spot", "note_progress", "request_closing")


@dataclass(frozen=True)
class Photo:
    """One photo and what it shows: ``place`` the step or 问题, ``number`` the 问题 (from 1) it belongs to."""

    file: StoredFile
    place: str
    words: str = ""
    number: int | None = None


@dataclass(frozen=True)
class WalkContent:
    """``steps`` those that stand, with ``photos`` in order; ``problems`` in the order noted, drafts and numbered ones
    alike; ``measures`` and ``progress`` by issue id; ``stamped``: pages handed in signed and stamped."""

    walk: Walk
    rules: Rulebook
    steps: list[Step]
    photos: list[Photo]
    problems: list[Issue]
    measures: dict[int, list[dict]]
    progress: dict[int, str]
    needs: list[Need]
    look_backs: list[LookBack]
    stamped: int

    @property
    def to_rectify(self) -> list[Issue]:
        """The problems of 问题整改清单: 并案 and 不予采纳 are rectified elsewhere or not at all."""
        return [one for one in self.problems if one.state not in ENDED_STATES]


def contents_of(walks: Sequence[Walk]) -> list[WalkContent]:
    """The content of each walk, in the order given; nine queries whatever their number. The caller chose the walks by
    who may see them; they come with ``NAMED``."""
    ids = [walk.pk for walk in walks]
    rows = Step.objects.filter(walk__in=ids, withdrawn_at=None).select_related("personal")
    steps = _by_walk(rows.order_by("happened_at", "id"))
    taken = photo_links(step.pk for found in steps.values() for step in found)
    named = ("responsible_department", "proposed_department")
    problems = _by_walk(Issue.objects.filter(walk__in=ids).select_related(*named).order_by("id"))
    keys = [one.pk for found in problems.values() for one in found]
    found, measures, progress = found_links(keys), measures_by_issue(keys), progress_of(Q(issue__in=keys))
    needs = _by_walk(Need.objects.filter(walk__in=ids).order_by("id"))
    look_backs = _by_walk(look_backs_by_walk(ids))
    stamped = _by_walk(StampedPage.objects.filter(walk__in=ids))
    return [
        WalkContent(
            walk=walk,
            rules=Rulebook.from_data(walk.rules.data),
            steps=steps[walk.pk],
            photos=_photos(steps[walk.pk], taken, problems[walk.pk], found),
            problems=problems[walk.pk],
            measures=measures,
            progress=progress,
            needs=needs[walk.pk],
            look_backs=look_backs[walk.pk],
            stamped=len(stamped[walk.pk]),
        )
        for walk in walks
    ]


def progress_of(which: Q) -> dict[int, str]:
    """{issue id: what was last said of the progress} of these events; one query."""
    said = IssueEvent.objects.filter(which, kind__in=TELLS_PROGRESS).order_by("pk")
    return dict(said.values_list("issue_id", "note"))


def walk_for_paper(campaign: Campaign, user: User | None, key: str) -> Walk:
    """A walk of the campaign for the command line: in the person's scope, or for the system any walk but a covert one
    not yet reported. Refused in words when there is none."""
    pk = read_uuid(key)
    rows = SYSTEM.walks().filter(not_hidden()) if user is None else walks_shown_to(user)
    walk = rows.filter(campaign=campaign, pk=pk).select_related(*NAMED).first() if pk else None
    if walk is None:
        raise Refused(f"本活动没有编号为“{key}”的体验，或不在可见范围内。", rule="paper.walk")
    return walk


def require_ready(walk: Walk) -> None:
    """Refused in words, with what is missing, for a walk that is not signed (W23 六（三）: 经主要负责同志签字)."""
    if walk.state in READY_STATES:
        return
    if walk.state == WalkState.RECORDED:
        why = "登记已完成，还缺主要负责同志核对签字。"
    elif walk.state == WalkState.CANCELLED:
        why = "本次体验已取消。"
    elif walk.state == WalkState.PLANNED:
        why = "体验还没有开始。"
    else:
        missing = missing_for_record(walk, **findings_of(walk))
        lacking = "；".join([*missing.values(), "登记完成", "主要负责同志核对签字"])
        why = f"体验处于“{walk.get_state_display()}”，还缺：{lacking}。"
    raise Refused(f"没有生成材料：{why}签字后即可生成，已登记的内容不受影响。", rule="paper.unsigned")


def _by_walk(rows: QuerySet) -> dict:
    found = defaultdict(list)
    for row in rows:
        found[row.walk_id].append(row)
    return found


def _photos(steps: Iterable[Step], taken: dict, problems: Iterable[Issue], found: dict) -> list[Photo]:
    """The photos of the steps in order, then those of the problems as they were met."""
    photos = []
    for step in steps:
        place = step.get_stage_display() if step.stage else step.get_component_display().split("：")[0]
        photos += [Photo(link.file, place.split("（")[0], step.note) for link in _kept(taken, step.pk)]
    for number, one in enumerate(problems, 1):
        photos += [Photo(link.file, f"问题{number}", one.description, number) for link in _kept(found, one.pk)]
    return photos


def _kept(links: dict, pk: int) -> list:
    return [link for link in links.get(pk, ()) if link.withdrawn_at is None]
