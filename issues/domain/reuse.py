"""Whether the proof of a closing was used for another issue: the same photo, nearly the same, or the same text of a
result. Shown to whoever strikes off, who goes on only with a reason. Only issues the person sees are compared."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q, QuerySet

from accounts.models import User
from evidence.looks import bands, looks_alike
from evidence.models import PhotoBand, StoredFile
from issues.domain.queries import issues_visible_to
from issues.enums import ENDED_STATES, EvidenceKind
from issues.models import Issue, IssueEvidence

# Links (条) to photos of other issues that are looked at for one page.
MOST = 2000
SAME, NEAR, WORDS = "佐证照片与该问题的照片相同", "佐证照片与该问题的照片几乎相同", "整改结果与该问题的文字相同"


@dataclass(frozen=True)
class Reuse:
    """What of a proof stands at another issue too: ``what`` in words; the photo here and there, None for a text."""

    number: str
    what: str
    file: UUID | None = None
    other: UUID | None = None


class _Photo(NamedTuple):
    number: str
    issue: int
    file: UUID
    sha256: str
    look: str


def reuse_in(issues: Sequence[Issue], user: User) -> dict[int, list[Reuse]]:
    """{issue id: what of its present proof stands at other issues}, photos before texts; those without are not in it.
    Two queries where there are photos, one where there is a text."""
    found: dict[int, list[Reuse]] = defaultdict(list)
    for issue_id, reuse in [*_photos(issues, user), *_texts(issues, user)]:
        if reuse not in found[issue_id]:
            found[issue_id].append(reuse)
    return dict(found)


def _photos(issues: Sequence[Issue], user: User) -> Iterable[tuple[int, Reuse]]:
    own = _own_photos(issues)
    if not own:
        return
    by_key: dict[str | int, list[_Photo]] = defaultdict(list)
    for other in _others(own, user):
        for key in _keys(other):
            by_key[key].append(other)
    for photo in own:
        for other in sorted({one for key in _keys(photo) for one in by_key[key]}):
            if other.issue != photo.issue and (what := _likeness(photo, other)):
                yield photo.issue, Reuse(other.number, what, photo.file, other.file)


def _own_photos(issues: Sequence[Issue]) -> list[_Photo]:
    rows = IssueEvidence.objects.filter(issue__in=list(issues), round=F("issue__round"), withdrawn_at=None)
    return _read(rows.exclude(kind=EvidenceKind.FOUND))


def _others(own: Sequence[_Photo], user: User) -> list[_Photo]:
    digests = StoredFile.objects.filter(sha256__in={photo.sha256 for photo in own}).values("pk")
    keys = {key for photo in own for key in bands(photo.look)}
    near = PhotoBand.objects.filter(key__in=keys).values("file_id")
    rows = IssueEvidence.objects.filter(Q(file__in=digests) | Q(file__in=near), withdrawn_at=None)
    return _read(rows.filter(issue__in=issues_visible_to(user)).exclude(issue__state__in=ENDED_STATES))


def _read(rows: QuerySet[IssueEvidence]) -> list[_Photo]:
    fields = ("issue__number", "issue_id", "file_id", "file__sha256", "file__look")
    return [_Photo(*row) for row in rows.order_by("issue__number", "id").values_list(*fields)[:MOST]]


def _keys(photo: _Photo) -> list[str | int]:
    """By what a photo is found again."""
    return [photo.sha256, *bands(photo.look)]


def _likeness(photo: _Photo, other: _Photo) -> str:
    if photo.sha256 == other.sha256:
        return SAME
    return NEAR if looks_alike(photo.look, other.look) else ""


def _texts(issues: Sequence[Issue], user: User) -> Iterable[tuple[int, Reuse]]:
    keys = {issue.result_key for issue in issues if issue.result_key}
    if not keys:
        return
    rows = issues_visible_to(user).filter(result_key__in=keys).exclude(state__in=ENDED_STATES)
    held = list(rows.order_by("number").values_list("pk", "number", "result_key")[:MOST])
    for issue in issues:
        for pk, number, key in held:
            if key == issue.result_key and pk != issue.pk:
                yield issue.pk, Reuse(number or "", WORDS)
