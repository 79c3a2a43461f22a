"""accept_photo with what people really send."""

import io
import stat
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from evidence.decoder import look_of
from evidence.domain.store import accept_photo, open_served, open_thumb
from evidence.looks import bands, looks_alike
from evidence.models import StoredFile
from evidence.tests import samples
from evidence.tests.samples import BLUE, GREEN, GREY, RED
from tests.scale import sample_of, scaled

pytestmark = pytest.mark.django_db

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}


def accepted(actor, data, name="照片.jpg"):
    return accept_photo(upload=samples.upload(data, name), actor=actor)


def served(file):
    with open_served(file) as source:
        return source.read()


def picture(data):
    opened = Image.open(io.BytesIO(data))
    opened.load()
    return opened


def jpeg_markers(data):
    """Markers of the header in order, and whether the file ends with its end marker."""
    markers, at = [], 2
    while data[at + 1] != 0xDA:
        markers.append(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return markers, data.endswith(b"\xff\xd9")


def assert_near(colour, wanted):
    assert all(abs(a - b) < 30 for a, b in zip(colour, wanted, strict=True)), (colour, wanted)


def assert_upright(image):
    width, height = image.size
    corners = [(0.25, 0.25, RED), (0.75, 0.25, GREEN), (0.25, 0.75, BLUE), (0.75, 0.75, GREY)]
    for x, y, colour in corners:
        assert_near(image.getpixel((int(width * x), int(height * y))), colour)


@pytest.mark.parametrize(("image_format", "content_type"), FORMATS.items())
def test_each_format_is_kept_and_its_row_says_what_arrived(actor, root, image_format, content_type):
    data = samples.photo(image_format)
    file = accepted(actor, data, "大厅.bin")
    assert StoredFile.objects.get() == file
    assert (file.content_type, file.size, file.sha256) == (content_type, len(data), sha256(data).hexdigest())
    assert (file.width, file.height, file.kind) == (400, 200, "image")
    assert (file.original_name, file.uploaded_by) == ("大厅.bin", actor)


def test_what_a_photo_looks_like_is_kept_with_the_keys_it_is_found_by(actor, root):
    plain, telling = accepted(actor, samples.photo()), accepted(actor, samples.encoded(samples.busy(3), "JPEG"))
    assert (plain.look, plain.bands.count()) == ("", 0)
    assert sorted(telling.bands.values_list("key", flat=True)) == bands(telling.look)
    assert looks_alike(telling.look, look_of(samples.busy(3)))


@pytest.mark.parametrize("image_format", FORMATS)
def test_the_served_copy_and_the_thumb_carry_no_metadata_at_all(actor, root, image_format):
    data = samples.photo(image_format)
    original = picture(data).getexif()
    assert original.get_ifd(0x8825)[2] == samples.GPS_LATITUDE
    assert original[0x010F] == samples.CAMERA
    file = accepted(actor, data)
    with open_thumb(file) as thumb:
        copies = [served(file), thumb.read()]
    for copy in copies:
        assert len(picture(copy).getexif()) == 0
        markers, ended = jpeg_markers(copy)
        assert set(markers) <= {0xE0, 0xDB, 0xC0, 0xC4}, "only JFIF, tables and the frame"
        assert ended
        assert b"canary" not in copy.lower()


@pytest.mark.parametrize(
    ("orientation", "image_format"),
    [
        (orientation, image_format)
        for orientation in range(1, 9)
        for image_format in sample_of(("JPEG", "PNG", "WEBP", "HEIF"), scaled(1, 4), of=f"orientation {orientation}")
    ],
)
def test_a_turned_photo_is_served_upright(actor, root, image_format, orientation):
    file = accepted(actor, samples.photo(image_format, orientation))
    shown = picture(served(file))
    assert shown.size == (file.width, file.height) == (400, 200)
    assert_upright(shown)


def test_the_time_on_the_camera_is_read_as_shanghai_time(actor, root):
    file = accepted(actor, samples.photo())
    assert file.taken_at == datetime(2022, 6, 20, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "taken", ["", "0000:00:00 00:00:00", "0001:01:01 00:00:00", "2022-06-20", "昨天", "2022:13:45 1:1:1"]
)
def test_a_senseless_camera_time_is_no_time(actor, root, taken):
    data = samples.encoded(samples.scene(), "JPEG", exif=samples.exif(taken=taken))
    assert accepted(actor, data).taken_at is None


def test_damaged_exif_does_not_lose_the_photo(actor, root):
    whole = samples.photo()
    at = whole.index(b"Exif\0\0") + 6
    assert_upright(picture(served(accepted(actor, whole[: at + 2] + b"\xff" * 40 + whole[at + 42 :]))))


def test_a_large_photo_is_served_at_2560_and_480_pixels(actor, root):
    file = accepted(actor, samples.photo("JPEG", 6, size=(5000, 3000)))
    assert picture(served(file)).size == (file.width, file.height) == (2560, 1536)
    with open_thumb(file) as thumb:
        assert picture(thumb.read()).size == (480, 288)
    assert_upright(picture(served(file)))


def test_a_very_narrow_picture_keeps_at_least_one_pixel(actor, root):
    file = accepted(actor, samples.encoded(Image.new("RGB", (9000, 1), RED), "PNG"))
    assert (file.width, file.height) == (2560, 1)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_becomes_white(actor, root, mode):
    clear = Image.new("RGBA", (3000, 40), (0, 0, 0, 0)).convert(mode) if mode != "P" else Image.new("P", (3000, 40), 0)
    data = samples.encoded(clear, "PNG", **({"transparency": 0} if mode == "P" else {}))
    assert_near(picture(served(accepted(actor, data))).getpixel((1000, 10)), (255, 255, 255))


@pytest.mark.parametrize(
    ("stored", "image_format", "wanted"),
    [
        (Image.new("I;16", (50, 50), 0x8000), "PNG", (128, 128, 128)),
        (Image.new("L", (50, 50), 77), "PNG", (77, 77, 77)),
        (Image.new("1", (50, 50), 1), "PNG", (255, 255, 255)),
        (Image.new("P", (50, 50), 0), "PNG", (0, 0, 0)),
        (Image.new("CMYK", (50, 50), (0, 0, 0, 127)), "JPEG", (128, 128, 128)),
        (Image.new("L", (50, 50), 200), "JPEG", (200, 200, 200)),
    ],
    ids=lambda value: getattr(value, "mode", str(value)),
)
def test_every_colour_mode_becomes_rgb_with_its_tones(actor, root, stored, image_format, wanted):
    shown = picture(served(accepted(actor, samples.encoded(stored, image_format))))
    assert shown.mode == "RGB"
    assert_near(shown.getpixel((25, 25)), wanted)


@pytest.mark.parametrize("image_format", ["PNG", "WEBP"])
def test_an_animation_is_kept_as_its_first_picture(actor, root, image_format):
    frames = [Image.new("RGB", (60, 60), colour) for colour in (GREEN, RED)]
    data = samples.encoded(frames[0], image_format, save_all=True, append_images=frames[1:], duration=100)
    assert_near(picture(served(accepted(actor, data))).getpixel((30, 30)), GREEN)


def polyglots():
    jpeg, png = samples.photo(), samples.encoded(samples.scene(), "PNG")
    script = b"<script>alert(1)</script>"
    text = samples.png_chunk(b"tEXt", b"Comment\0" + script)
    return {
        "jpeg_tail": jpeg + script,
        "jpeg_comment": samples.encoded(samples.scene(), "JPEG", comment=script),
        "jpeg_zip_tail": jpeg + b"PK\x05\x06" + bytes(18) + script,
        "jpeg_php_tail": jpeg + b"<?php system($_GET[0]); ?>" + script,
        "png_tail": png + script,
        "png_text": png[:33] + text + png[33:],
        "webp_tail": samples.photo("WEBP") + script,
        "heic_tail": lambda: samples.photo("HEIF") + script,
        "icc_script": samples.encoded(samples.scene(), "JPEG", icc_profile=script * 20),
    }


POLYGLOTS = [pytest.param(name, data, id=name) for name, data in polyglots().items()]


@pytest.mark.parametrize(("name", "data"), POLYGLOTS)
def test_a_polyglot_loses_its_second_face(actor, root, name, data):
    data = samples.made(data)
    assert b"<script" in data
    file = accepted(actor, data, f"{name}.html")
    assert b"script" not in served(file)
    assert b"php" not in served(file)
    assert jpeg_markers(served(file))[1]
    assert_upright(picture(served(file)))
    assert (root / file.source_name).read_bytes() == data


def test_three_files_with_unrelated_random_names_and_an_unchanged_original(actor, root, files_on_disk):
    file = accepted(actor, samples.photo())
    names = [file.source_name, file.served_name, file.thumb_name]
    assert files_on_disk() == sorted(root / name for name in names)
    for name in names:
        first, second, rest = name.split("/")
        assert (len(rest), rest[:2], rest[2:4]) == (32, first, second)
        assert rest != file.id.hex
    assert len(set(names)) == 3
    assert stat.S_IMODE((root / file.source_name).stat().st_mode) == 0o400
    assert stat.S_IMODE((root / file.served_name).stat().st_mode) == 0o600


def test_a_spooled_upload_is_read_from_its_beginning(actor, root):
    data = samples.photo()
    spooled = TemporaryUploadedFile("p.jpg", "image/jpeg", len(data), None)
    spooled.write(data)
    file = accept_photo(upload=spooled, actor=actor)
    assert file.sha256 == sha256(data).hexdigest()


def test_it_refuses_to_run_inside_a_transaction_and_leaves_nothing(actor, root, nothing_kept):
    with pytest.raises(RuntimeError), transaction.atomic():
        accepted(actor, samples.photo())
    nothing_kept()


@pytest.mark.both_databases
def test_a_row_that_cannot_be_written_leaves_no_files(db, root, nothing_kept):
    with pytest.raises(IntegrityError):
        accept_photo(upload=samples.upload(samples.photo()), actor=None)
    nothing_kept()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\照片\\大厅.jpg", "大厅.jpg"),
        ("合同\u202egpj.exe", "合同gpj.exe"),
        ("字" * 300 + ".jpg", "字" * 251 + ".jpg"),
        ('a<b>"c.jpg', "a_b__c.jpg"),
        ("a\0b\nc.jpg", "ab c.jpg"),
    ],
)
def test_a_hostile_name_is_only_a_harmless_label(actor, settings, tmp_path, sent, kept):
    settings.MEDIA_ROOT = tmp_path / "as" / "deep" / "as" / "files"
    sent_upload = samples.upload(samples.photo())
    sent_upload._name = sent  # past Django's own cleaning, as another caller might
    file = accept_photo(upload=sent_upload, actor=actor)
    file.refresh_from_db()
    assert file.original_name == kept
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 3
    assert all(path.is_relative_to(settings.MEDIA_ROOT) for path in written)


@pytest.mark.parametrize("name", ["𠮷" * 90 + ".jpg", "照" * 300 + ".jpg", "照." + "片" * 270])
def test_a_name_of_any_length_is_kept_as_a_label(actor, name):
    file = accept_photo(upload=samples.upload(samples.photo(), name), actor=actor)
    assert 0 < len(file.original_name) <= 255
