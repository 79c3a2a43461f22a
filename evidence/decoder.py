"""The one place where a picture from outside is decoded: a short-lived child process with hard limits.

Run as ``python -m evidence.decoder JOB`` where JOB is a JSON object:
``source``, ``served``, ``thumb`` (paths; the two outputs must not exist), ``format`` (JPEG, PNG, WEBP or HEIF),
``max_pixels``, and what ``core.limits`` asks for.
Prints one JSON line: ``{"width", "height", "taken", "look"}`` of the served copy (pixels after rotation; ``taken`` is
the camera's own local time or null; ``look`` as ``look_of``), or ``{"error": code, "detail": text}`` with a code of
``evidence.enums.Reason``.
Imports neither Django nor anything of the project but ``core.limits``: it starts in a tenth of a second.
"""

import json
import os
import sys
import warnings
from datetime import datetime

import pillow_heif
from PIL import (
    ExifTags,
    Image,
    WebPImagePlugin,  # noqa: F401  registered by name: Pillow would load all its forty formats to find it
)

from core.limits import answer, limit_process

SERVED_LONG_SIDE = 2560
THUMB_LONG_SIDE = 480
QUALITY = 85
LOOK_SIDE = 8
# A step of brightness (of 256) that noise and compression do not make.
LOOK_STEP = 2
# A picture of one colour, or of one shading, has no look to be known by: so many fields at least differ either way.
LEAST_UNLIKE = 4

_ROTATIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class UnusablePicture(Exception):
    """The picture is refused; ``args[0]`` is the reason code."""


def open_picture(job: dict) -> Image.Image:
    """Open ``source`` as the named format only, read its header, refuse more than ``max_pixels``. Decodes nothing."""
    Image.MAX_IMAGE_PIXELS = job["max_pixels"]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    picture = Image.open(job["source"], formats=[job["format"]])
    check_pixels(picture, job["max_pixels"])
    return picture


def check_pixels(picture: Image.Image, max_pixels: int) -> None:
    if picture.width * picture.height > max_pixels:
        raise UnusablePicture("pixels")


def fit(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    """``size`` scaled down so that its long side is at most ``long_side``; never up, never to zero."""
    scale = min(1.0, long_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def to_rgb(picture: Image.Image) -> Image.Image:
    """Plain RGB of the same size; transparency becomes white, 16-bit grey keeps its tones."""
    if picture.mode.startswith("I;16") or picture.mode == "I":
        picture = picture.point(lambda value: value * (1 / 257)).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def shrink(picture: Image.Image, long_side: int) -> Image.Image:
    size = fit(picture.size, long_side)
    return picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def scales_as_it_is(picture: Image.Image) -> bool:
    """Shrinking before the conversion saves a full-size copy, but palettes and colour keys would blend wrongly."""
    return picture.mode == "RGBA" or (picture.mode in ("RGB", "L", "CMYK") and not picture.has_transparency_data)


def camera_notes(picture: Image.Image) -> tuple[int, str | None]:
    """(orientation 1..8, time taken as ISO text or None). Damaged EXIF counts as none."""
    try:
        exif = picture.getexif()
        orientation = exif.get(ExifTags.Base.Orientation, 1)
        taken = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    except Exception:  # every kind of error has been seen from damaged EXIF, and none is a reason to lose the photo
        return 1, None
    return orientation if isinstance(orientation, int) else 1, camera_time(taken)


def camera_time(text: object) -> str | None:
    """EXIF's ``YYYY:MM:DD HH:MM:SS`` as ISO text; None for anything else or a year before digital cameras."""
    try:
        taken = datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return taken.isoformat() if 1990 <= taken.year < 2100 else None


def decode(job: dict) -> tuple[Image.Image, str | None]:
    """The upright RGB picture, at most ``SERVED_LONG_SIDE`` long, and the time it was taken."""
    picture = open_picture(job)
    picture.draft("RGB", fit(picture.size, SERVED_LONG_SIDE))  # JPEG only: decodes at 1/2, 1/4 or 1/8
    picture.load()
    check_pixels(picture, job["max_pixels"])  # HEIC: the coded picture may be larger than the header said
    orientation, taken = camera_notes(picture)
    if scales_as_it_is(picture):
        picture = shrink(picture, SERVED_LONG_SIDE)
    picture = shrink(to_rgb(picture), SERVED_LONG_SIDE)
    if orientation in _ROTATIONS:
        picture = picture.transpose(_ROTATIONS[orientation])
    picture.info = {}  # Pillow would write a comment found there back into the copy
    return picture, taken


def look_of(picture: Image.Image) -> str:
    """What a picture looks like, as 32 hex digits: for 8 × 8 fields whether the field to the right of each, then the
    one below, is brighter. Saved anew, shrunk or brightened it stays nearly the same; "" where there is too little to
    tell by."""
    grey, halves = picture.convert("L"), []
    for wide, high in ((LOOK_SIDE + 1, LOOK_SIDE), (LOOK_SIDE, LOOK_SIDE + 1)):
        fields = grey.resize((wide, high), Image.Resampling.BOX).tobytes()
        apart, bits = 1 if wide > high else wide, 0
        for row in range(LOOK_SIDE):
            for place in range(row * wide, row * wide + LOOK_SIDE):
                bits = bits << 1 | (fields[place + apart] - fields[place] > LOOK_STEP)
        halves.append(bits)
    most = LOOK_SIDE * LOOK_SIDE - LEAST_UNLIKE
    is_telling = all(LEAST_UNLIKE <= half.bit_count() <= most for half in halves)
    return "".join(f"{half:016x}" for half in halves) if is_telling else ""


def write(picture: Image.Image, path: str) -> None:
    with open(path, "xb") as target:
        picture.save(target, "JPEG", quality=QUALITY, optimize=True)
        target.flush()
        os.fsync(target.fileno())


def run(job: dict) -> dict:
    """Do the job and return what is printed. Nothing raised by a picture leaves this function."""
    try:
        picture, taken = decode(job)
    except UnusablePicture as refusal:
        return {"error": refusal.args[0], "detail": ""}
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as exc:
        return {"error": "pixels", "detail": str(exc)}
    except MemoryError:
        return {"error": "memory", "detail": ""}
    except Exception as exc:
        return {"error": "broken", "detail": f"{type(exc).__name__}: {exc}"[:300]}
    try:
        write(picture, job["served"])
        write(shrink(picture, THUMB_LONG_SIDE), job["thumb"])
    except OSError as exc:
        return {"error": "disk", "detail": str(exc)[:300]}
    return {"width": picture.width, "height": picture.height, "taken": taken, "look": look_of(picture)}


if __name__ == "__main__":
    job = json.loads(sys.argv[1])
    limit_process(job)
    answer([json.dumps(run(job)).encode() + b"\n"])
