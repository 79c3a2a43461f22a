"""The first check of an uploaded photo: size, format by content, claimed pixels. Writes nothing, starts nothing.

The second check decodes it in a limited child process: ``evidence.decoder``, started by ``store.accept_photo``.
"""

from dataclasses import dataclass
from typing import BinaryIO, Protocol

from django.conf import settings

from core.exceptions import Refused
from evidence import headers
from evidence.enums import Reason
from evidence.validators import clean_name

_SHOWN_NAME_LENGTH = 40


class Upload(Protocol):
    """What is needed of Django's UploadedFile; ``size`` in bytes."""

    name: str | None
    size: int | None
    file: BinaryIO


@dataclass(frozen=True)
class ValidUpload:
    """An upload that may be stored and decoded: cleaned name and one of ``headers.CONTENT_TYPES``."""

    name: str
    image_format: str


def accepted_kinds() -> str:
    """What a photo must be, in the words of forms and refusals."""
    megabytes = settings.MAX_PHOTO_BYTES // (1024 * 1024)
    return f"JPG、PNG、WEBP、HEIC 照片，单张不超过 {megabytes} MB、{settings.MAX_PHOTO_PIXELS // 10_000} 万像素"


class PhotoPostponed(Refused):
    """The server could not take the photo just now; the photo itself may be fine (503)."""

    status = 503


def refusal(name: str, reason: str) -> Refused:
    """The error for one photo: what happened, what is accepted, what was kept. ``rule`` is ``photo_<reason>``."""
    shown = name if len(name) <= _SHOWN_NAME_LENGTH else f"{name[:24]}…{name[-12:]}"
    what = f"照片“{shown}”{Reason(reason).label}"
    if reason in (Reason.BUSY, Reason.DISK):
        return PhotoPostponed(f"{what}。已填写的内容已保留。", rule=f"photo_{reason}")
    return Refused(f"{what}。可上传：{accepted_kinds()}。已填写的内容已保留，请重新选择照片。", rule=f"photo_{reason}")


def check_upload(upload: Upload) -> ValidUpload:
    """Look at the size and the first bytes of an upload; its extension and declared type are ignored.

    Moves the upload's position. Raises Refused with rule photo_empty, photo_size, photo_format or photo_pixels.
    """
    name = clean_name(upload.name or "")
    if not upload.size:
        raise refusal(name, Reason.EMPTY)
    if upload.size > settings.MAX_PHOTO_BYTES:
        raise refusal(name, Reason.SIZE)
    upload.file.seek(0)
    image_format = headers.sniff(upload.file.read(headers.HEAD_BYTES))
    if image_format is None:
        raise refusal(name, Reason.FORMAT)
    claimed = headers.claimed_size(upload.file, image_format)
    if claimed and claimed[0] * claimed[1] > settings.MAX_PHOTO_PIXELS:
        raise refusal(name, Reason.PIXELS)
    return ValidUpload(name=name, image_format=image_format)
