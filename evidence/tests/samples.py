"""Real pictures and hostile files, made by code."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from functools import cache

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()

RED, GREEN, BLUE, GREY = (220, 20, 20), (20, 200, 20), (20, 20, 220), (120, 120, 120)
GPS_LATITUDE = (34.0, 9.0, 21.5)
CAMERA = "CanaryPhone 9"

# EXIF orientation → how a camera that was held so has turned the upright scene before storing it.
STORED_BY_CAMERA = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def upload(data: bytes, name: str = "照片.jpg", declared: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, declared)


def scene(width: int = 400, height: int = 200) -> Image.Image:
    """An upright picture: red, green above; blue, grey below."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    picture.paste(GREY, (width // 2, height // 2, width, height))
    return picture


def busy(seed: int) -> Image.Image:
    """A picture of rectangles in noise, as uneven as a photo."""
    drawn = random.Random(seed)
    picture = Image.new("RGB", (640, 480), tuple(drawn.randrange(60, 200) for _ in "rgb"))
    canvas = ImageDraw.Draw(picture)
    for _ in range(25):
        left, top = drawn.randrange(600), drawn.randrange(440)
        corner = (left + drawn.randrange(20, 220), top + drawn.randrange(20, 160))
        canvas.rectangle((left, top, *corner), fill=tuple(drawn.randrange(256) for _ in "rgb"))
    return Image.blend(picture, Image.effect_noise((640, 480), 40).convert("RGB"), 0.25)


def exif(orientation: int = 1, taken: str = "2022:06:20 09:30:00") -> Image.Exif:
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010F] = CAMERA
    notes.get_ifd(0x8769)[0x9003] = taken
    gps = notes.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", GPS_LATITUDE, "E", (109.0, 19.0, 3.2)
    return notes


def encoded(picture: Image.Image, image_format: str, **options) -> bytes:
    target = io.BytesIO()
    picture.save(target, image_format, **options)
    return target.getvalue()


def made(data: bytes | Callable[[], bytes]) -> bytes:
    """A sample that takes long to make stands in its list as a function: the bytes of one."""
    return data() if callable(data) else data


def photo(image_format: str = "JPEG", orientation: int = 1, size: tuple[int, int] = (400, 200)) -> bytes:
    """``scene`` as a camera held at ``orientation`` stores it, with EXIF, GPS and, for JPEG, a comment."""
    picture = scene(*size)
    if STORED_BY_CAMERA[orientation] is not None:
        picture = picture.transpose(STORED_BY_CAMERA[orientation])
    options = {"comment": b"comment-canary"} if image_format == "JPEG" else {}
    return encoded(picture, image_format, exif=exif(orientation).tobytes(), **options)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, *, colour: int = 0, depth: int = 1, data: bytes | None = None, extra: bytes = b""
) -> bytes:
    """A PNG with the given header; ``data`` None fills it with zero rows that match the header."""
    if data is None:
        channels = {0: 1, 2: 3, 6: 4}[colour]
        squeeze = zlib.compressobj(9)
        row = bytes(1 + (width * channels * depth + 7) // 8)
        data = b"".join(squeeze.compress(row) for _ in range(height)) + squeeze.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = png_chunk(b"IHDR", header) + extra + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg_claiming(width: int, height: int) -> bytes:
    """A small real JPEG whose frame header claims another size."""
    data = bytearray(encoded(scene(64, 64), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_extended(width: int, height: int) -> bytes:
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_lossless(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    body = b"WEBPVP8L" + struct.pack("<I", 16) + b"\x2f" + struct.pack("<I", bits) + bytes(11)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def ftyp(major: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + major + b"\0\0\0\0" + b"".join(compatible)
    return struct.pack(">I", len(body) + 4) + body + bytes(64)


@cache
def slow_photo() -> bytes:
    """59 million pixels of RGBA in a file of some hundred KB: legal, and several seconds of work."""
    return png(7700, 7700, colour=6, depth=8)
