"""The only writer of StoredFile rows and of the files under MEDIA_ROOT."""

import hashlib
import logging
import os
import secrets
from collections.abc import Sequence
from datetime import datetime
from io import BufferedReader
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from core.exceptions import DomainError, Refused
from core.listing import in_chunks
from evidence import headers
from evidence.domain.child import Decoded, DecodeFailed, decode
from evidence.domain.upload_validation import Upload, ValidUpload, check_upload, refusal
from evidence.enums import Reason
from evidence.looks import bands
from evidence.models import PhotoBand, StoredFile

logger = logging.getLogger(__name__)

_COPY_BYTES = 64 * 1024


class FileMissing(DomainError):
    """The row exists, but the bytes are missing or differ from those that were kept (410)."""

    status = 410


def accept_photo(*, upload: Upload, actor: User) -> StoredFile:
    """Check, decode and keep one uploaded photo. Call it outside any transaction: it takes seconds, not milliseconds.

    Side effects, in order: copies the upload to a ``.part`` file while hashing it; runs the decoder child, which writes
    two more; gives the three their names (fsync before and after); inserts the row and those it is looked up by.
    Whatever fails, no file is left.

    Raises Refused with a message for the sender (what happened, what is accepted, what was kept) and the rule
    ``photo_<reason>``, see ``evidence.enums.Reason``.
    """
    passed = check_upload(upload)
    paths = [_new_path() for _ in range(3)]
    try:
        _make_directories(paths)
        size, sha256 = _keep_original(upload, paths[0])
        if size > settings.MAX_PHOTO_BYTES:
            raise refusal(passed.name, Reason.SIZE)
        parts = [_part(path) for path in paths]
        decoded = decode(source=parts[0], served=parts[1], thumb=parts[2], image_format=passed.image_format)
        _publish(paths)
        return _insert(actor, passed, decoded, paths, size, sha256)
    except BaseException as exc:
        _remove(paths)
        if isinstance(exc, DecodeFailed):
            logger.info("photo refused: %s", exc)
            raise refusal(passed.name, exc.reason) from exc
        if isinstance(exc, OSError):
            logger.error("photo not stored: %s", exc)
            raise refusal(passed.name, Reason.DISK) from exc
        raise


def accept_photos(*, uploads: Sequence[Upload], actor: User) -> list[StoredFile]:
    """Keep every photo of one form, or none.

    Side effects, in order: looks at all of them first; then ``accept_photo`` one by one; on a refusal ``discard`` of
    those already kept. Raises the Refused of the first photo that fails.
    """
    for upload in uploads:
        check_upload(upload)
    kept = []
    try:
        for upload in uploads:
            kept.append(accept_photo(upload=upload, actor=actor))  # noqa: PERF401 - a refusal needs those kept so far
    except Refused:
        for file in kept:
            discard(file=file)
        raise
    return kept


def discard(*, file: StoredFile) -> None:
    """Remove an upload that no record uses.

    Side effects, in order: deletes the row; once that is committed, deletes the three files. A file that a record still
    links is protected by that link: ProtectedError, and nothing is removed.
    """
    paths = [_path(name) for name in (file.source_name, file.served_name, file.thumb_name)]
    with transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).delete()
        transaction.on_commit(lambda: _remove(paths))


def erase_originals(*, files: QuerySet[StoredFile], now: datetime) -> int:
    """Erase the originals of these files; how many. What is shown, the digest and the measures stay.

    Side effects, in order: the moment on each row; once that is committed, the original files are deleted (those a
    killed process leaves, ``evidence.domain.sweep`` finds).
    """
    held = dict(files.filter(source_erased_at=None).values_list("pk", "source_name"))
    paths = [_path(name) for name in held.values()]
    with transaction.atomic():
        for keys in in_chunks(list(held)):
            StoredFile.objects.filter(pk__in=keys).update(source_erased_at=now)
        transaction.on_commit(lambda: _remove(paths))
    return len(held)


def open_served(file: StoredFile) -> BufferedReader:
    """The re-encoded JPEG that people are shown. Raises FileMissing. The caller checks who may see it."""
    return _open(file.served_name)


def open_thumb(file: StoredFile) -> BufferedReader:
    """The small JPEG, at most 480 pixels long. Raises FileMissing. The caller checks who may see it."""
    return _open(file.thumb_name)


def served_size(file: StoredFile) -> int:
    """Bytes of the re-encoded JPEG; 0 when it is missing."""
    try:
        return _path(file.served_name).stat().st_size
    except OSError:
        return 0


def _insert(
    actor: User, passed: ValidUpload, decoded: Decoded, paths: list[Path], size: int, sha256: str
) -> StoredFile:
    source_name, served_name, thumb_name = (path.relative_to(settings.MEDIA_ROOT).as_posix() for path in paths)
    with transaction.atomic(durable=True):  # refuses to run inside a caller's transaction
        file = StoredFile.objects.create(
            original_name=passed.name,
            content_type=headers.CONTENT_TYPES[passed.image_format],
            size=size,
            sha256=sha256,
            width=decoded.width,
            height=decoded.height,
            taken_at=decoded.taken and timezone.make_aware(decoded.taken),
            uploaded_by=actor,
            source_name=source_name,
            served_name=served_name,
            thumb_name=thumb_name,
            look=decoded.look,
        )
        PhotoBand.objects.bulk_create(PhotoBand(file=file, key=key) for key in bands(decoded.look))
        return file


def _make_directories(paths: list[Path]) -> None:
    for path in paths:
        path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)


def _keep_original(upload: Upload, path: Path) -> tuple[int, str]:
    """Copy the upload to its part file; (bytes written, SHA-256). Stops one block above the size limit."""
    digest = hashlib.sha256()
    size = 0
    upload.file.seek(0)
    with open(os.open(_part(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as target:
        while size <= settings.MAX_PHOTO_BYTES and (block := upload.file.read(_COPY_BYTES)):
            size += len(block)
            digest.update(block)
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
    return size, digest.hexdigest()


def _publish(paths: list[Path]) -> None:
    for path in paths:
        os.rename(_part(path), path)
    for directory in {parent for path in paths for parent in list(path.parents)[:3]}:
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _new_path() -> Path:
    name = secrets.token_hex(16)
    return _path(f"{name[:2]}/{name[2:4]}/{name}")


def _path(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _remove(paths: list[Path]) -> None:
    for path in paths:
        for name in (_part(path), path):
            try:
                name.unlink(missing_ok=True)
            except OSError as exc:
                logger.error("file not removed: %s", exc)


def _open(name: str) -> BufferedReader:
    try:
        return open(_path(name), "rb")
    except OSError as exc:
        logger.error("stored file cannot be opened: %s", exc)
        raise FileMissing(
            "文件不存在或无法读取，可能已按保管期限清理。请联系系统管理员。", rule="file_missing"
        ) from exc
