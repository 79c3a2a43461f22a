"""headers: what the first bytes say, compared with what Pillow says."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from evidence.headers import CONTENT_TYPES, HEIF, JPEG, PNG, WEBP, claimed_size, sniff
from evidence.tests import samples

PICTURES = {
    "jpeg": (JPEG, samples.photo("JPEG", size=(321, 123))),
    "jpeg_progressive": (JPEG, samples.encoded(samples.scene(321, 123), "JPEG", progressive=True)),
    "jpeg_big_profile": (JPEG, samples.encoded(samples.scene(321, 123), "JPEG", icc_profile=bytes(200_000))),
    "jpeg_fill_bytes": (JPEG, b"\xff\xd8\xff\xff\xff" + samples.photo("JPEG", size=(321, 123))[2:]),
    "png": (PNG, samples.photo("PNG", size=(321, 123))),
    "webp_lossy": (WEBP, samples.encoded(samples.scene(321, 123), "WEBP")),
    "webp_lossless": (WEBP, samples.encoded(samples.scene(321, 123), "WEBP", lossless=True)),
    "webp_extended": (WEBP, samples.photo("WEBP", size=(321, 123))),
}


@pytest.mark.parametrize(("image_format", "data"), PICTURES.values(), ids=PICTURES)
def test_format_and_size_are_read_as_pillow_reads_them(image_format, data):
    assert sniff(data[:4096]) == image_format
    assert claimed_size(io.BytesIO(data), image_format) == Image.open(io.BytesIO(data)).size == (321, 123)


@pytest.mark.parametrize(
    "brands", [(b"heic", b"mif1"), (b"heix",), (b"mif1", b"heic"), (b"msf1", b"hevc"), (b"MiHE", b"heic")]
)
def test_heic_is_known_by_its_brands_and_its_size_is_left_to_the_child(brands):
    data = samples.ftyp(*brands)
    assert sniff(data) == HEIF
    assert claimed_size(io.BytesIO(data), HEIF) is None


@pytest.mark.parametrize("image_format", CONTENT_TYPES)
@settings(deadline=None)
@given(data=st.binary(max_size=64), cut=st.integers(0, 80))
def test_no_bytes_make_it_fail_and_what_is_cut_short_claims_no_other_size(image_format, data, cut):
    begin = {
        JPEG: b"\xff\xd8\xff\xc0",
        PNG: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        WEBP: b"RIFF\0\0\0\0WEBPVP8X",
        HEIF: b"\0\0\0\x18ftypheic",
    }
    sniff(data)
    whole = begin[image_format] + data
    assert sniff(whole) in (image_format, None)
    claimed = claimed_size(io.BytesIO(whole), image_format)
    assert claimed_size(io.BytesIO(whole[:cut]), image_format) in (claimed, None)
