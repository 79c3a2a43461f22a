"""销号档案: one file for an issue that was struck off, to be kept outside the system and opened without it.

A page of HTML with its pictures inside: any browser of any office opens it, on a closed network too, no Word and no
folder beside it is needed, and its text can be compared byte by byte. Same content, same bytes: it does not say who
took it or when, that is in the audit, with the digest by which a file is known again (``verify_audit --pack``).
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from core import audit
from core.exceptions import Refused
from core.models import AuditChain, AuditEntry
from core.personal_data import mask_page
from evidence.domain.store import FileMissing, open_served, served_size
from issues.enums import CLOSED_STATES
from issues.models import Issue, IssueEvidence

EXPORTED = "issue.pack_exported"
MOST_BYTES = 60 * 1024 * 1024
# What stands for the digest while it is computed; as long, and no number of a person.
BLANK = "x" * 64
_DIGEST = re.compile(rb'<code id="digest">([0-9a-f]{64})</code>')


def may_be_packed(issue: Issue, rounds: Sequence[object]) -> bool:
    """Whether there is a closing to keep: the issue is struck off, or an earlier round of it was."""
    return issue.state in CLOSED_STATES or bool(rounds)


def require_closed(issue: Issue, rounds: Sequence[object]) -> None:
    """Raise Refused for an issue that was never struck off."""
    if not may_be_packed(issue, rounds):
        words = f"没有生成销号档案：{issue.number} 还没有销号，现为“{issue.get_state_display()}”。销号后再下载。"
        raise Refused(words, rule="pack.closed")


def pictures_of(evidence: Sequence[IssueEvidence]) -> dict[int, str]:
    """{evidence id: the served copy as an address that holds it, "" where its file is missing}.

    Raises Refused for more than ``MOST_BYTES`` together.
    """
    if sum(served_size(link.file) for link in evidence) > MOST_BYTES:
        limit = MOST_BYTES // 1024 // 1024
        raise Refused(f"照片合计超过 {limit} MB，没有生成销号档案。请在问题页逐张下载。", rule="pack.size")
    return {link.pk: _picture(link) for link in evidence}


def photo_mark(link: IssueEvidence) -> str:
    """What stands for the address of a picture while the page is written."""
    return f"photo-{link.pk}"


def finished(page: str, pictures: Mapping[int, str], evidence: Sequence[IssueEvidence]) -> bytes:
    """The page with numbers of people masked, the pictures and the digests of their originals in their places, and its
    own digest: SHA-256 of the file in which ``BLANK`` stands for it.

    Marks are replaced together with the markup around them, which no text of the page can hold.
    """
    page = mask_page(page)
    for link in evidence:
        mark = photo_mark(link)
        page = page.replace(f'src="{mark}"', f'src="{pictures[link.pk]}"')
        page = page.replace(f"<code>{mark}</code>", f"<code>{link.file.sha256}</code>")
    blank = page.encode()
    return blank.replace(_digest_of(BLANK), _digest_of(hashlib.sha256(blank).hexdigest()))


def note_exported(*, issue: Issue, content: bytes, actor: User | None) -> None:
    """Leave an audit entry with the digest of the file."""
    detail = {"digest": digest_in(content), "version": issue.version}
    audit.record(actor=actor, action=EXPORTED, object_type="issue", object_key=issue.number, detail=detail)


def digest_in(content: bytes) -> str:
    """The digest a file says of itself; "" where it says none."""
    found = _DIGEST.search(content)
    return found[1].decode() if found else ""


@dataclass(frozen=True)
class PackVerdict:
    """``fits``: the file is what it says of itself. ``taken``: (issue, who, when) of each time it was taken."""

    fits: bool
    taken: tuple[tuple[str, str, datetime], ...] = ()


def check(content: bytes) -> PackVerdict:
    """Whether a file is unchanged, and when it was taken out of this system, by the open audit."""
    said = digest_in(content)
    blank = content.replace(_digest_of(said), _digest_of(BLANK)) if said else b""
    if not said or hashlib.sha256(blank).hexdigest() != said:
        return PackVerdict(fits=False)
    rows = AuditEntry.objects.filter(chain=AuditChain.OPEN, action=EXPORTED, detail__digest=said).order_by("seq")
    return PackVerdict(True, tuple(rows.values_list("object_key", "actor_label", "at")))


def _digest_of(text: str) -> bytes:
    """The digest with the markup around it."""
    return f'<code id="digest">{text}</code>'.encode()


def _picture(link: IssueEvidence) -> str:
    try:
        with open_served(link.file) as file:
            return f"data:image/jpeg;base64,{b64encode(file.read()).decode()}"
    except FileMissing:
        return ""
