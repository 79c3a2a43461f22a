"""Anchors of the audit outside its table: once a day the last row of each chain goes to a file in the data folder.

A row removed from the end of a chain leaves no gap in the table; the anchor names it. Each line of the file is JSON
with an HMAC of its own and the digest of the line before, so that a line cannot be changed or left out unseen. Whoever
has the key and writes to both places is found by a copy of the file kept elsewhere only.
"""

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from core.models import AuditChain, AuditEntry

FIRST = "0" * 64


@dataclass(frozen=True)
class Anchor:
    """One line. ``ends``: {chain: (seq, mac)} of the last rows; ``key``: fingerprint of the key in use."""

    at: str
    key: str
    ends: dict[str, tuple[int, str]]


@dataclass(frozen=True)
class AnchorFault:
    """What does not fit, in words; ``seq`` the first row of ``chain`` concerned, None when it is the file itself."""

    reason: str
    chain: str = AuditChain.OPEN
    seq: int | None = None


def fingerprint() -> str:
    """Tells one key from another without giving it away."""
    return hmac.new(settings.AUDIT_KEY.encode(), b"fingerprint of the audit key", hashlib.sha256).hexdigest()[:16]


def write_anchor(now: datetime) -> bool:
    """Append the present ends of the chains; False when they are those of the last anchor. Side effect: the file, on
    disk when this returns."""
    ends = _ends()
    lines = _lines()
    if lines and json.loads(lines[-1])["ends"] == ends:
        return False
    body = {
        "at": now.isoformat(timespec="seconds"),
        "key": fingerprint(),
        "ends": ends,
        "before": _digest(lines[-1]) if lines else FIRST,
    }
    line = json.dumps(body | {"mac": _mac(body)}, ensure_ascii=False, sort_keys=True)
    path: Path = settings.AUDIT_ANCHORS
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a+b") as file:
        file.truncate(_end_of_whole_lines(path))
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def last_anchor() -> Anchor | None:
    """The newest line that can be read; None when there is none."""
    for line in reversed(_lines()):
        try:
            return _read(line)
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
    return None


def find_fault(*, newest_only: bool = False) -> AnchorFault | None:
    """The first thing that does not fit: the file with itself, then the table with what the file says of it.

    ``newest_only``: of the lines that fit together, only the newest is compared with the table (four queries).
    """
    before, lines = FIRST, _lines()
    for number, line in enumerate(lines, 1):
        try:
            body = json.loads(line)
            anchor, mac, told_before = _read(line), body.pop("mac"), body["before"]
        except (AttributeError, KeyError, TypeError, ValueError):
            return AnchorFault(f"锚点文件第 {number} 行无法识别")
        if anchor.key != fingerprint():
            return AnchorFault("密钥与记录时不同：当前 AUDIT_KEY 不是写入这些记录时使用的密钥")
        if told_before != before or not hmac.compare_digest(str(mac).encode(), _mac(body).encode()):
            return AnchorFault(f"锚点文件第 {number} 行被改动，或其前有行被删去")
        if (not newest_only or number == len(lines)) and (fault := _of_table(anchor)):
            return fault
        before = _digest(line)
    return None


def _of_table(anchor: Anchor) -> AnchorFault | None:
    for chain, (seq, mac) in anchor.ends.items():
        last = AuditEntry.objects.filter(chain=chain).order_by("-seq").values_list("seq", flat=True).first() or 0
        day = anchor.at[:10]
        if seq and not last:
            return AnchorFault(f"起全部记录被清空：{day} 的锚点记有 {seq} 行", chain, 1)
        if last < seq:
            return AnchorFault(f"起的记录被删去：{day} 的锚点记有第 {seq} 行", chain, last + 1)
        if seq and not AuditEntry.objects.filter(chain=chain, seq=seq, mac=mac).exists():
            return AnchorFault(f"与 {day} 的锚点不符", chain, seq)
    return None


def _ends() -> dict[str, list]:
    found: dict[str, list] = {}
    for chain in AuditChain.values:
        last = AuditEntry.objects.filter(chain=chain).order_by("-seq").values_list("seq", "mac").first()
        found[chain] = list(last or (0, FIRST))
    return found


def whole_lines() -> bytes:
    """The file as it is, without a line that a crash cut off; empty when there is none."""
    path: Path = settings.AUDIT_ANCHORS
    return path.read_bytes()[: _end_of_whole_lines(path)] if path.exists() else b""


def _lines() -> list[str]:
    return whole_lines().decode(errors="replace").splitlines()


def _end_of_whole_lines(path: Path) -> int:
    """Where the last whole line ends: a line that a crash cut off in the middle was never acknowledged."""
    return path.read_bytes().rfind(b"\n") + 1


def _read(line: str) -> Anchor:
    body = json.loads(line)
    return Anchor(
        str(body["at"]), str(body["key"]), {chain: (int(seq), str(mac)) for chain, (seq, mac) in body["ends"].items()}
    )


def _digest(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def _mac(body: dict) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
