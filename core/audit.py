"""The append-only record of who did what: every row carries an HMAC over the row before it in its
chain.

There are two chains: the open one, and one for covert walks that nobody but the people named on them may know of yet.
A changed, inserted, reordered or removed row is named by :func:`verify`, rows removed from the end and an emptied table
by the anchors (``core.anchors``). Somebody who has database, data folder and key is found by a copy kept elsewhere.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from core import anchors, visitor
from core.locks import lock_until_commit
from core.models import AuditChain, AuditEntry

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # AUTH_USER_MODEL; accounts stands above

SYSTEM = "系统"
FIRST_PREV = "0" * 64
SIGNATURES_CHECKED = "signatures.checked"
# Any constant will do: it names the chain among PostgreSQL's advisory locks.
_CHAIN_LOCK = 7_214_020


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON of ``value``; personal data is stored in the chain only in this form."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _mac(entry: AuditEntry) -> str:
    body = {
        "chain": str(entry.chain),
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "actor": entry.actor_id,
        "label": entry.actor_label,
        "action": entry.action,
        "type": entry.object_type,
        "key": entry.object_key,
        "detail": entry.detail,
        "ip": entry.ip,
    }
    message = digest(body) + entry.prev_mac
    return hmac.new(settings.AUDIT_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def record(
    *,
    actor: "User | None",
    action: str,
    object_type: str = "",
    object_key: object = "",
    detail: dict | None = None,
    covert: bool = False,
    label: str = SYSTEM,
) -> AuditEntry:
    """Append one entry; see ``record_each``."""
    [entry] = record_each(
        actor=actor, action=action, object_type=object_type, keys=[object_key], detail=detail, covert=covert,
        label=label,
    )  # fmt: skip
    return entry


def record_each(
    *,
    actor: "User | None",
    action: str,
    object_type: str,
    keys: Sequence,
    detail: dict | None = None,
    details: Sequence[dict] = (),
    covert: bool = False,
    label: str = SYSTEM,
) -> list[AuditEntry]:
    """Append an entry for each of the objects, in the caller's transaction (opens one when there is none); one write.

    ``actor`` is a user or None: then ``label`` says who (the system, somebody not signed in). ``detail`` must be
    JSON-serialisable; ``details`` gives each object its own. ``covert``: it concerns a covert walk not yet reported
    and goes into the covert chain. The address of the request that is being answered is added.
    """
    chain = AuditChain.COVERT if covert else AuditChain.OPEN
    with transaction.atomic():
        lock_until_commit(_CHAIN_LOCK)
        last = AuditEntry.objects.filter(chain=chain).order_by("-seq").values_list("seq", "mac").first()
        before, mac = last or (0, FIRST_PREV)
        entries = []
        for seq, (key, said) in enumerate(zip(keys, details or [detail or {}] * len(keys), strict=True), before + 1):
            entry = AuditEntry(
                chain=chain,
                seq=seq,
                at=timezone.now(),
                actor_id=getattr(actor, "pk", None),
                actor_label=str(actor)[:150] if actor is not None else label,
                action=action,
                object_type=object_type,
                object_key=str(key),
                detail=said,
                ip=visitor.address(),
                prev_mac=mac,
            )
            entry.mac = mac = _mac(entry)
            entries.append(entry)
        return AuditEntry.objects.bulk_create(entries, batch_size=500)


def recorded_since(
    since: datetime,
    *,
    actor: "User",
    action: str,
    object_type: str,
    keys: Collection,
    detail: dict,
    covert: bool = False,
) -> set[str]:
    """Which of the objects (keys as text) have such an entry of that person since then; one query."""
    chain = AuditChain.COVERT if covert else AuditChain.OPEN
    rows = AuditEntry.objects.filter(
        chain=chain, actor_id=actor.pk, action=action, object_type=object_type, object_key__in=list(map(str, keys))
    )
    found = rows.filter(at__gte=since).values_list("object_key", "detail")
    return {key for key, said in found if said == detail}


def last_done(
    action: str, *, object_type: str, object_key: object, detail: dict | None = None
) -> tuple["User | None", datetime | None]:
    """(who, when) of the newest such entry of the open chain, of those whose detail holds these values; (None, None)
    where there is none. For records that are gone and so cannot say it themselves; two queries."""
    rows = AuditEntry.objects.filter(chain=AuditChain.OPEN, action=action, object_type=object_type)
    facts = {f"detail__{name}": value for name, value in (detail or {}).items()}
    entry = rows.filter(object_key=str(object_key), **facts).order_by("-seq").first()
    if entry is None:
        return None, None
    if entry.actor_id is None:
        return None, entry.at
    return get_user_model().objects.filter(pk=entry.actor_id).first(), entry.at


def last_signature_check() -> tuple[datetime, int] | None:
    """When the signatures were last recomputed, and how many did not fit; None before the first time."""
    rows = AuditEntry.objects.filter(chain=AuditChain.OPEN, action=SIGNATURES_CHECKED).order_by("-seq")
    found = rows.values_list("at", "detail").first()
    return (found[0], int(found[1]["broken"])) if found else None


@dataclass(frozen=True)
class Verdict:
    """``rows`` checked; ``bad_seq`` is the first row that does not fit, or None, in the chain named; 0 when it is the
    anchors or the key that do not fit."""

    rows: int
    bad_seq: int | None
    reason: str = ""
    chain: str = AuditChain.OPEN

    @property
    def ok(self) -> bool:
        return self.bad_seq is None


def verify() -> Verdict:
    """Check both chains completely, then with the anchors kept outside (``core.anchors``), and name the first row that
    was changed, inserted, moved or removed."""
    fault = anchors.find_fault()
    if fault is not None and fault.seq is None:
        # With another key no row can fit: that is said, not which row is the first.
        return Verdict(0, 0, fault.reason)
    rows = 0
    for chain in AuditChain:
        verdict = _verify(chain)
        rows += verdict.rows
        if not verdict.ok:
            return replace(verdict, rows=rows)
    if fault is not None:
        return Verdict(rows, fault.seq, fault.reason, fault.chain)
    return Verdict(rows, None)


def _verify(chain: str) -> Verdict:
    prev, expected, rows = FIRST_PREV, 1, 0
    try:
        for entry in AuditEntry.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=2000):
            if entry.seq != expected:
                return Verdict(rows, expected, "缺少该行", chain)
            if entry.prev_mac != prev:
                return Verdict(rows, entry.seq, "与上一行不衔接", chain)
            if not hmac.compare_digest(entry.mac.encode(), _mac(entry).encode()):
                return Verdict(rows, entry.seq, "内容被改动", chain)
            prev, expected, rows = entry.mac, expected + 1, rows + 1
    except (AttributeError, TypeError, ValueError):
        # A value that no entry can have, written past the product: reading it fails, here or a few rows further on.
        return Verdict(rows, expected, "起有内容无法识别", chain)
    return Verdict(rows, None, chain=chain)
