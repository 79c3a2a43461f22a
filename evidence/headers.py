"""What the first bytes of a file say: which of four picture formats, and how many pixels it claims.

Pure Python over bytes, no decoding, no Django: the web process runs it on hostile input before anything is written or
started.
"""

from typing import BinaryIO

from filetype.types.image import Jpeg, Png, Webp

JPEG = "JPEG"
PNG = "PNG"
WEBP = "WEBP"
HEIF = "HEIF"

CONTENT_TYPES = {JPEG: "image/jpeg", PNG: "image/png", WEBP: "image/webp", HEIF: "image/heic"}

HEAD_BYTES = 4096

# Brands whose pictures are HEVC; `mif1`/`msf1` alone also announce AVIF and other codecs.
_HEVC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_HEIF_MAJOR_BRANDS = _HEVC_BRANDS | {b"mif1", b"msf1", b"MiHE"}

# A file of nothing but fill bytes must not keep the web process reading.
_JPEG_MAX_STEPS = 2000
_JPEG_END_OF_HEADER = {0xD9, 0xDA}
_JPEG_BARE_MARKERS = {0x01, *range(0xD0, 0xD8)}
_JPEG_FRAME_MARKERS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def sniff(head: bytes) -> str | None:
    """Name the picture format of ``head`` (the first ``HEAD_BYTES`` of a file); None for anything else.

    The name and the declared content type of an upload play no part.
    """
    for matcher, name in ((Jpeg(), JPEG), (Png(), PNG), (Webp(), WEBP)):
        if matcher.match(head):
            return name
    return HEIF if _is_heic(head) else None


def claimed_size(source: BinaryIO, image_format: str) -> tuple[int, int] | None:
    """Read (width, height) in pixels from the header; None when the header does not say.

    HEIC stores its size in nested boxes: for it the answer is always None, and the decoder child reads the size.
    The position of ``source`` is moved.
    """
    source.seek(0)
    if image_format == JPEG:
        return _jpeg_size(source)
    head = source.read(32)
    if image_format == PNG:
        return _pair(head[16:20], head[20:24], "big") if head[12:16] == b"IHDR" else None
    return _webp_size(head) if image_format == WEBP else None


def _is_heic(head: bytes) -> bool:
    if len(head) < 16 or head[4:8] != b"ftyp" or head[8:12] not in _HEIF_MAJOR_BRANDS:
        return False
    length = int.from_bytes(head[:4], "big")
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(length, len(head)), 4))}
    return bool(brands & _HEVC_BRANDS)


def _pair(width: bytes, height: bytes, order: str) -> tuple[int, int] | None:
    if not height or len(width) != len(height):
        return None
    return int.from_bytes(width, order), int.from_bytes(height, order)


def _jpeg_size(source: BinaryIO) -> tuple[int, int] | None:
    source.seek(2)
    for _ in range(_JPEG_MAX_STEPS):
        if source.read(1) != b"\xff":
            return None
        marker = source.read(1)
        if marker == b"\xff":
            source.seek(-1, 1)
            continue
        if not marker or marker[0] in _JPEG_END_OF_HEADER:
            return None
        if marker[0] in _JPEG_BARE_MARKERS:
            continue
        segment = source.read(7)
        if marker[0] in _JPEG_FRAME_MARKERS:
            return _pair(segment[5:7], segment[3:5], "big")
        length = int.from_bytes(segment[:2], "big")
        if length < 2:
            return None
        source.seek(length - len(segment), 1)
    return None


def _webp_size(head: bytes) -> tuple[int, int] | None:
    chunk = head[12:16]
    if chunk == b"VP8X" and len(head) >= 30:
        width, height = _pair(head[24:27], head[27:30], "little")
        return width + 1, height + 1
    if chunk == b"VP8L" and len(head) >= 25:
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and len(head) >= 30:
        width, height = _pair(head[26:28], head[28:30], "little")
        return width & 0x3FFF, height & 0x3FFF
    return None
