"""What a backup says of itself: first what it needs (``Header``), last what it holds (``Contents``)."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader

from core.backup.rows import tables
from core.exceptions import Refused

FORMAT = 1
KEYS = ("SECRET_KEY", "AUDIT_KEY")


@dataclass(frozen=True)
class Header:
    """``keys``: a fingerprint of each key, never the key. ``database``, ``files``: bytes on disk, about."""

    version: str
    made_at: str
    keys: dict[str, str]
    migrations: list[str]
    columns: dict[str, list[str]]
    database: int
    files: int
    format: int = FORMAT


@dataclass
class Contents:
    """``tables``: {name: {"rows", "sha256"}}. ``files``: how many, their bytes, SHA-256 over their names and digests.
    ``missing``: stored files that rows name and that were not there. ``anchors``: SHA-256 of the file of anchors."""

    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    missing: int = 0
    anchors: str = ""
    sequences: dict[str, int] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over all rows, files and anchors: equal for equal systems, whenever and on whichever database."""
        said = {"tables": self.tables, "files": self.files, "anchors": self.anchors}
        return hashlib.sha256(canonical(said)).hexdigest()

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.tables.values())


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def header(*, version: str, made_at: str, database: int, files: int) -> Header:
    """Of a backup of this installation that begins now."""
    return Header(version, made_at, _fingerprints(), _migrations(), _columns(), database, files)


def write_header(said: Header) -> bytes:
    return canonical(asdict(said))


def read_header(text: bytes) -> Header:
    """Raises Refused when it is none that this version can read."""
    try:
        said = json.loads(text)
        if said["format"] != FORMAT:
            raise Refused(f"备份文件的格式（{said['format']}）不是本版本能恢复的格式（{FORMAT}）。没有改动任何数据。")
        return Header(**said)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("备份文件的开头无法识别：不是本系统的备份，或已损坏。没有改动任何数据。") from error


def write_contents(said: Contents, head: bytes) -> bytes:
    """With a code (``mac``) over it and the header: only who has the key can write one that is accepted."""
    body = asdict(said) | {"digest": said.digest, "header": hashlib.sha256(head).hexdigest()}
    return canonical(body | {"mac": _mac(body)})


def read_contents(text: bytes, head: bytes) -> Contents:
    """Raises Refused when it was changed, or belongs to another header."""
    try:
        body = json.loads(text)
        mac = body.pop("mac")
        is_authentic = hmac.compare_digest(str(mac).encode(), _mac(body).encode())
        if not is_authentic or body.pop("header") != hashlib.sha256(head).hexdigest():
            raise Refused("备份文件的内容清单被改动过，没有恢复。没有改动任何数据。")
        body.pop("digest")
        return Contents(**body)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Refused("备份文件的内容清单无法识别：文件已损坏。没有改动任何数据。") from error


def require_fit(said: Header) -> None:
    """Raises Refused when the keys are others or the tables are not those of this version."""
    own = _fingerprints()
    if wrong := [name for name in KEYS if said.keys.get(name) != own[name]]:
        raise Refused(
            f"密钥不符：{'、'.join(wrong)} 不是备份时使用的密钥，没有恢复，没有改动任何数据。"
            "请把另存的 .env 中的密钥填入本机的 .env，再恢复。"
        )
    have, wanted = set(_migrations()), set(said.migrations)
    made_by = f"备份由 {said.version} 版本于 {said.made_at} 写成"
    if newer := sorted(wanted - have):
        raise Refused(
            f"{made_by}，比本机的版本新（{newer[0]}），没有恢复，没有改动任何数据。请先把本机升级到该版本，再恢复。"
        )
    if older := sorted(have - wanted):
        raise Refused(
            f"{made_by}，比本机的版本旧（缺 {older[0]}），没有恢复，没有改动任何数据。请用写成备份的版本恢复，再升级。"
        )
    if said.columns != (present := _columns()):
        names = sorted({*said.columns, *present})
        other = next(name for name in names if said.columns.get(name) != present.get(name))
        raise Refused(
            f"{made_by}，表结构与本机的版本不同（{other}），没有恢复，没有改动任何数据。请用写成备份的版本恢复。"
        )


def _fingerprints() -> dict[str, str]:
    """Tell one key from another without giving it away."""
    what = b"fingerprint of a key in a backup"
    return {
        name: hmac.new(str(getattr(settings, name)).encode(), what, hashlib.sha256).hexdigest()[:16] for name in KEYS
    }


def _mac(body: dict) -> str:
    return hmac.new(settings.AUDIT_KEY.encode(), b"backup" + canonical(body), hashlib.sha256).hexdigest()


def _migrations() -> list[str]:
    loader = MigrationLoader(None)
    labels = {config.label for config in apps.get_app_configs()}
    return sorted(f"{app}.{name}" for app, name in loader.disk_migrations if app in labels)


def _columns() -> dict[str, list[str]]:
    return {table.name: table.columns for table in tables()}


def size_of_database() -> int:
    """Bytes on disk."""
    connection = connections[DEFAULT_DB_ALIAS]
    asked = "SELECT pg_database_size(current_database())"
    if connection.vendor == "sqlite":
        asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return int(cursor.fetchone()[0])
