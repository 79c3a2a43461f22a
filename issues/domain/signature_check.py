"""What a signature covers, as the database holds it: the digest that is signed, and whether it still fits."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet

from core import audit
from core.models import AuditEntry
from issues.enums import EvidenceKind
from issues.models import Issue, IssueEvidence, LookBack, Need
from walks.domain import components, frozen
from walks.domain.covert import hidden
from walks.domain.lifecycle import FACTS
from walks.models import Participant, Step, StepPhoto, Walk

# Columns of the walk a signature covers. State, version and the signature itself change afterwards.
WALK = (
    "id", "campaign_id", "rules_id", "department_id", "receiver_id", "item_id", "walker_id", "walker_capacity",
    "activity_kind", "mode", "role", "is_covert", "delegation_reason", "walk_date", "started_at", "period",
    "conforms", "shortfall", *FACTS, *frozen.COLUMNS,
)  # fmt: skip
STEP = ("stage", "component", "happened_at", "note", "assessment", *components.DETAILS, "person_digest")
LOOK_BACK = ("issue_id", "round", "stage", "verdict", "finding", "due_on", "judged_by_id")
# Not the class: the office may change it later.
PROBLEM = (
    "description", "stage", "proposed_department_id", "proposed_name", "found_on", "item_id",
    "discovering_department_id", "source",
)  # fmt: skip

BROKEN = "walk.signature_broken"
BATCH = 200


def content_digest(walk: Walk) -> str:
    """SHA-256 over everything a signature covers: the walk's facts, names and promises, who took part, steps, photos,
    problems, needs and what it says of issues it looked back on. Ten queries."""
    return content_digests([walk.pk])[walk.pk]


def content_digests(walk_ids: Collection[UUID]) -> dict[UUID, str]:
    """{walk: its ``content_digest``} of those that exist; ten queries for all of them."""
    parts = {
        "receivers": _of(Walk.also_received_by.through.objects.order_by("department_id"), walk_ids, "department_id"),
        "participants": _of(Participant.objects.order_by("user_id"), walk_ids, "user_id", "capacity"),
        "steps": _with_photos(_of(_kept_steps(), walk_ids, "id", *STEP), _step_photos(walk_ids)),
        "problems": _with_photos(_of(Issue.objects.order_by("id"), walk_ids, "id", *PROBLEM), _found(walk_ids)),
        "look_backs": _of(LookBack.objects.exclude(verdict="").order_by("id"), walk_ids, *LOOK_BACK),
        "needs": _of(Need.objects.order_by("id"), walk_ids, "subject", "content"),
    }
    walks = Walk.objects.filter(pk__in=walk_ids).order_by().values(*WALK)
    return {
        row["id"]: audit.digest({"walk": row, **{name: found[row["id"]] for name, found in parts.items()}})
        for row in walks
    }


def _kept_steps() -> QuerySet[Step]:
    """Steps in order without those taken back before the signature."""
    return Step.objects.filter(withdrawn_at=None).order_by("id")


def _of(rows: QuerySet, walk_ids: Collection[UUID], *fields: str) -> dict[UUID, list]:
    found: dict[UUID, list] = defaultdict(list)
    for walk_id, *values in rows.filter(walk_id__in=walk_ids).values_list("walk_id", *fields):
        found[walk_id].append(values)
    return found


def _step_photos(walk_ids: Collection[UUID]) -> Iterable[tuple[int, str]]:
    links = StepPhoto.objects.filter(step__walk_id__in=walk_ids, withdrawn_at=None).order_by("file__sha256")
    return links.values_list("step_id", "file__sha256")


def _found(walk_ids: Collection[UUID]) -> Iterable[tuple[int, str]]:
    """Photos of the problems as they were met; what rectification adds later is none of the signature."""
    links = IssueEvidence.objects.filter(issue__walk_id__in=walk_ids, kind=EvidenceKind.FOUND, withdrawn_at=None)
    return links.order_by("file__sha256").values_list("issue_id", "file__sha256")


def _with_photos(rows: dict[UUID, list], photos: Iterable[tuple[int, str]]) -> dict[UUID, list]:
    """Each row with the digests of its photos in place of its id."""
    held: dict[int, list[str]] = defaultdict(list)
    for pk, sha in photos:
        held[pk].append(sha)
    kept = {walk: [[*values, held[pk]] for pk, *values in found] for walk, found in rows.items()}
    return defaultdict(list, kept)


def broken_signatures() -> list[Walk]:
    """Signed walks whose content is no longer what was signed, by their ids; nine queries for every 200 walks."""
    broken = []
    signed = (
        Walk.objects.exclude(signed_digest="").order_by("pk").only("pk", "signed_digest", "is_covert", "reported_at")
    )
    rows = signed.iterator(chunk_size=BATCH)
    while walks := list(islice(rows, BATCH)):
        digests, proved = content_digests([walk.pk for walk in walks]), _proved_digests(walks)
        broken += [walk for walk in walks if {digests[walk.pk], proved.get(walk.pk)} != {walk.signed_digest}]
    return broken


def _proved_digests(walks: Iterable[Walk]) -> dict[UUID, str]:
    """{walk: the digest its last signature left in the audit}: the column itself could be written anew; one query."""
    keys = [str(walk.pk) for walk in walks]
    rows = AuditEntry.objects.filter(action="walk.signed", object_type="walk", object_key__in=keys)
    told = rows.order_by("at", "seq").values_list("object_key", "detail")
    return {UUID(key): detail.get("digest", "") for key, detail in told}


def check_signatures() -> int:
    """Recompute every signature and return how many do not fit.

    Side effects: an audit entry with the numbers, which the health page reads, and one for each walk that does not fit.
    Covert walks not yet reported are in their own chain and in no number.
    """
    broken = broken_signatures()
    for walk in broken:
        audit.record(actor=None, action=BROKEN, object_type="walk", object_key=walk.pk, covert=walk.is_hidden)
    seen = [walk for walk in broken if not walk.is_hidden]
    checked = Walk.objects.exclude(signed_digest="").exclude(hidden()).count()
    audit.record(actor=None, action=audit.SIGNATURES_CHECKED, detail={"checked": checked, "broken": len(seen)})
    return len(broken)
