"""Which files of a request for closing a person has opened, for striking off many issues at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Exists, F, OuterRef

from accounts.models import User
from core.storage_state import is_full, note_full
from evidence.models import StoredFile
from issues.enums import EvidenceKind, IssueState
from issues.models import EvidenceOpening, IssueEvidence


def note_opened(*, file: StoredFile, user: User, now: datetime) -> None:
    """Keep that ``user`` opened the file, when it is evidence of an issue that waits to be struck off; once.

    A full disk does not keep the picture from being shown: the person opens it again later.
    """
    waiting = IssueEvidence.objects.filter(file=file, issue__state=IssueState.CLOSING)
    known = EvidenceOpening.objects.filter(file=file, user=user)
    if not waiting.filter(~Exists(known)).exists():
        return
    try:
        with transaction.atomic():
            EvidenceOpening.objects.bulk_create([EvidenceOpening(file=file, user=user, at=now)], ignore_conflicts=True)
    except DatabaseError as error:
        if not is_full(error):
            raise
        note_full(user.pk)


def evidence_to_read(issue_ids: Iterable[int], user: User) -> dict[int, list[tuple[UUID, bool]]]:
    """{issue id: (file, whether this person opened it) of the evidence of its present round}; one query."""
    opened = EvidenceOpening.objects.filter(file=OuterRef("file"), user=user)
    rows = IssueEvidence.objects.filter(issue__in=list(issue_ids), round=F("issue__round"), withdrawn_at=None)
    rows = rows.exclude(kind=EvidenceKind.FOUND).annotate(is_opened=Exists(opened)).order_by("id")
    found: dict[int, list[tuple[UUID, bool]]] = {}
    for issue_id, file_id, is_opened in rows.values_list("issue_id", "file_id", "is_opened"):
        found.setdefault(issue_id, []).append((file_id, is_opened))
    return found


def why_unread(files: Sequence[tuple[UUID, bool]]) -> str:
    """Why an issue with this evidence is not struck off together with others; "" when all of it was opened."""
    if not files:
        return "没有佐证照片，请逐件验收。"
    left = sum(not is_opened for _, is_opened in files)
    return f"还有 {left} 张佐证没有打开看过。" if left else ""
