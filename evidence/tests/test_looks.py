"""The same picture is known again, however it was saved; other pictures and pictures of nothing are not."""

import io
import random

import pytest
from PIL import Image

from evidence.decoder import look_of
from evidence.looks import NEAR, bands, looks_alike
from evidence.tests.samples import busy

SIZE = (640, 480)
NOTHING = [Image.new("RGB", SIZE, "teal"), Image.linear_gradient("L"), busy(1).resize((1, 1))]


def saved_again(picture: Image.Image, *, scale: float = 1, quality: int = 85) -> Image.Image:
    target = io.BytesIO()
    size = (round(picture.width * scale), round(picture.height * scale))
    picture.resize(size).save(target, "JPEG", quality=quality)
    return Image.open(target).convert("RGB")


@pytest.mark.parametrize("seed", range(6))
def test_a_picture_saved_again_smaller_or_cut_a_little_is_the_same(seed):
    picture = busy(seed)
    cut = picture.crop((4, 4, SIZE[0] - 4, SIZE[1] - 4))
    brighter = picture.point(lambda value: min(255, value + 12))
    for other in (saved_again(picture, quality=40), saved_again(picture, scale=0.4, quality=60), cut, brighter):
        assert looks_alike(look_of(picture), look_of(other))


def test_pictures_of_other_things_are_not_alike():
    looks = [look_of(busy(seed)) for seed in range(12)]
    assert not any(looks_alike(one, other) for one in looks for other in looks if one is not other)


@pytest.mark.parametrize("picture", NOTHING)
def test_a_picture_of_nothing_has_no_look(picture):
    assert look_of(picture) == ""
    assert not looks_alike("", "")
    assert bands("") == []


def test_whatever_is_alike_shares_a_band():
    drawn = random.Random(20220608)
    for _ in range(300):
        look = drawn.getrandbits(128)
        changed = look
        for place in drawn.sample(range(128), NEAR):
            changed ^= 1 << place
        one, other = f"{look:032x}", f"{changed:032x}"
        assert looks_alike(one, other)
        assert set(bands(one)) & set(bands(other))
