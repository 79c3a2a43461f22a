"""Which photos of a published period may be shown to everybody, and the copies that are kept of those chosen.

Only what was counted in the publication and is no covert walk's. Nothing of what a person typed goes with a photo: its
caption is unit, item and place. Whether people can be recognised on it no program tells: who asks looks at each and
says so, and the second person looks at the copies.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from campaigns.models import Campaign
from core.exceptions import Refused
from core.periods import Period
from core.personal_data import mask
from evidence.domain.store import FileMissing, open_served
from evidence.models import StoredFile
from issues.enums import EvidenceKind
from issues.models import IssueEvidence
from reports.domain.figures import ReportQuery
from reports.domain.names import Names
from reports.domain.public_sheet.content import open_issues, open_walks
from reports.domain.queries import SYSTEM
from reports.models import Publication, PublicPicture, PublicSheet
from walks.domain.as_of import end_of
from walks.models import StepPhoto, Walk

AT_MOST = 12
GONE = "所选照片中有的已经撤回或者不在本期印发的内容中，没有申请。请重新选择。"
# What of an issue is shown, and how it is said; 佐证 are papers more often than photos.
KINDS = {EvidenceKind.FOUND: "发现问题", EvidenceKind.BEFORE: "整改前", EvidenceKind.AFTER: "整改后"}


@dataclass(frozen=True)
class Choice:
    """A photo that may be chosen, with the caption it would have."""

    file: StoredFile
    unit: str
    caption: str


def choices(campaign: Campaign, period: Period, publication: Publication) -> list[Choice]:
    """The photos of what the publication counts, unit by unit in the order of the list of units, those of problems and
    their rectification before those of the way; 2 queries. What was withdrawn or added after its day of judging is left
    out."""
    query = ReportQuery(campaign, period, publication.summary.as_of, SYSTEM, names=Names(publication.names))
    found = [*_of_issues(query, publication), *_of_steps(query, publication)]
    found.sort(key=lambda one: one[0])
    return [choice for _, choice in found]


def keep(sheet: PublicSheet, copies: Sequence[bytes]) -> None:
    """Store the copies as the pictures of a sheet that is being asked for, numbered from 1."""
    PublicPicture.objects.bulk_create(
        PublicPicture(sheet=sheet, number=number, content=copy, sha256=_sha256(copy))
        for number, copy in enumerate(copies, 1)
    )


def chosen(offered: Sequence[Choice], keys: Sequence[UUID]) -> tuple[list[dict], list[bytes]]:
    """([{"number", "caption", "sha256"}], copies) of the photos chosen, in the order they were offered. Raises Refused
    for one that is not offered (any more) or whose file is gone, and for too many."""
    wanted = set(keys)
    taken = [one for one in offered if one.file.pk in wanted]
    if len(taken) != len(wanted):
        raise Refused(GONE, rule="public.picture", fields={"pictures": GONE})
    if len(taken) > AT_MOST:
        words = f"最多选 {AT_MOST} 张照片，已选 {len(taken)} 张，没有申请。"
        raise Refused(words, rule="public.pictures", fields={"pictures": words})
    copies = [_copy(one) for one in taken]
    told = [
        {"number": number, "caption": one.caption, "sha256": _sha256(copy)}
        for number, (one, copy) in enumerate(zip(taken, copies, strict=True), 1)
    ]
    return told, copies


def are_intact(sheet: PublicSheet) -> bool:
    """Whether the pictures are those that the content of the sheet names."""
    named = {one["number"]: one["sha256"] for one in sheet.content.get("pictures", ())}
    return named == {one.number: _sha256(bytes(one.content)) for one in sheet.pictures.all()}


def _of_issues(query: ReportQuery, publication: Publication) -> Iterator[tuple[tuple, Choice]]:
    rows = IssueEvidence.objects.filter(issue__in=open_issues(query).values("pk"), kind__in=KINDS, withdrawn_at=None)
    rows = rows.filter(added_at__lt=end_of(query.as_of)).select_related("file", "issue__walk__department")
    counted, order = publication.rows["issues"], list(KINDS)
    for link in rows.order_by("issue__number", "id"):
        walk, kind = link.issue.walk, EvidenceKind(link.kind)
        if link.issue.number in counted and walk is not None:
            place = (*_place(walk), 0, link.issue.number, order.index(kind), link.pk)
            yield place, _choice(query, link, walk, KINDS[kind])


def _of_steps(query: ReportQuery, publication: Publication) -> Iterator[tuple[tuple, Choice]]:
    rows = StepPhoto.objects.filter(step__walk__in=open_walks(query).values("pk"), step__withdrawn_at=None)
    rows = rows.filter(withdrawn_at=None).select_related("file", "step__walk__department")
    for link in rows.order_by("step__happened_at", "id"):
        step, walk = link.step, link.step.walk
        if str(walk.pk) in publication.rows["walks"]:
            said = step.get_stage_display() if step.stage else step.get_component_display().split("：")[0]
            place = (*_place(walk), 1, step.happened_at.isoformat(), 0, link.pk)
            yield place, _choice(query, link, walk, said.split("（")[0])


def _place(walk: Walk) -> tuple:
    return walk.department.order, walk.department_id, walk.item_name


def _choice(query: ReportQuery, link: IssueEvidence | StepPhoto, walk: Walk, said: str) -> Choice:
    unit = mask(query.names.unit(walk.department_id, walk.department.name))
    return Choice(link.file, unit, f"{unit}“{mask(walk.item_name)}”：{said}")


def _copy(choice: Choice) -> bytes:
    try:
        with open_served(choice.file) as file:
            return file.read()
    except FileMissing as error:
        words = f"照片“{choice.caption}”的文件无法读取，没有申请。请不选这一张。"
        raise Refused(words, rule="public.picture_file", fields={"pictures": words}) from error


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
