"""WCAG 2.2 AA by computation: text on its ground at least 4.5 to 1, marks and borders that carry meaning 3 to 1."""

import re

import pytest
from django.conf import settings

SHEETS = {path.stem: path.read_text(encoding="utf-8") for path in (settings.BASE_DIR / "static" / "css").glob("*.css")}
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3}(?:[0-9a-f]{3})?);", SHEETS["base"].partition("}")[0]))
HEAD, HOVER = "#eef3fa", "#f7faff"

TEXT = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("ground", "band", HOVER)],
    *[(ink, f"{tone}-bg") for ink in ("ink", "ink-3") for tone in ("info", "warn", "danger", "muted")],
    *[(tone, f"{tone}-bg") for tone in ("info", "success", "warn", "danger", "muted")],
    *[(tone, "ground") for tone in ("info", "success", "warn", "danger", "muted")],
    *[("accent", ground) for ground in ("ground", "band", HOVER, "accent-soft")],
    *[("accent-strong", ground) for ground in ("ground", HEAD, "accent-soft")],
    ("ground", "accent"),
    ("ground", "accent-strong"),
    ("ground", "#123a78"),
    ("ink", HEAD),
    ("#67727f", "ground"),
]
MARKS = [
    *[("line-strong", ground) for ground in ("ground", "band", HEAD)],
    *[("accent", ground) for ground in ("ground", "band")],
    *[(colour, "ground") for colour in ("#23824f", "#c07a0a", "#c33")],
]


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, each a token's name or a colour that stands in the sheet."""
    dark, light = sorted(luminance(TOKENS.get(colour, colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_that_of_wcag():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read_on_its_ground(ink, ground):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_and_borders_can_be_told_from_their_ground(mark, ground):
    assert contrast(mark, ground) >= 3


@pytest.mark.parametrize("colour", sorted({c for pair in TEXT + MARKS for c in pair if c.startswith("#")}))
def test_every_colour_measured_stands_in_a_sheet(colour):
    assert any(colour in sheet for sheet in SHEETS.values())


def test_every_token_that_is_a_colour_is_measured():
    measured = {colour for pair in TEXT + MARKS for colour in pair}
    assert set(TOKENS) - measured == {"accent-line", "line", "bs-primary", "bs-link-color", "bs-link-hover-color"}
