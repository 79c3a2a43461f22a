"""How a sheet comes out of the printer: paper, scale, pages, and text too long for any row. Pure.

`core.xlsx` is the module to call; this one is used by it alone.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from core.xlsx_cells import MAX_ROW_HEIGHT, Column, height_of, text_width

Paper = Literal["A3", "A4"]

A3_FROM_COLUMNS = 13
MARGINS = {"left": 0.6, "right": 0.6, "top": 0.7, "bottom": 0.75}  # inches: 1.5–1.9 cm
# Body text of 10.5 pt is then printed at 8 pt.
SMALLEST_SCALE = 0.77
# A last page filled less than this holds a row or two: the sheet is printed a little smaller, without it.
LEAST_LAST_PAGE = 0.15
# Rows that begin the last page where it cannot be done without.
KEPT_TOGETHER = 4
# Heights are estimated: a sheet that is nearly as long as its pages may come out longer.
ESTIMATE = 0.05

_POINTS = {"A3": (1190.5, 841.9), "A4": (841.9, 595.3)}  # landscape


def table_width(columns: Sequence[Column]) -> float:
    """Points, as LibreOffice counts them: a digit of Arial 10 is 5.56 wide. Excel rounds it down to 7 pixels."""
    return sum(column.width * 5.56 + 3.75 for column in columns if column.is_printed)


def paper_for(columns: Sequence[Column]) -> Paper:
    """A3 above 12 columns, and where A4 would print smaller than 8 pt."""
    small = sum(column.is_printed for column in columns) < A3_FROM_COLUMNS and _scale(columns, "A4") >= SMALLEST_SCALE
    return "A4" if small else "A3"


def last_page(columns: Sequence[Column], paper: Paper, *, height: float, head: float) -> tuple[int, int]:
    """What is done so that no last page holds just a row or two: (pages, rows).

    Into how many pages the sheet is to be fitted, 0 for as many as it takes; where that would print it too small,
    before how many of the last rows a page is to begin, else 0. ``height`` of the whole sheet and ``head``, repeated on
    each page, in points.
    """
    scale = _scale(columns, paper)
    page = (_POINTS[paper][1] - 72 * (MARGINS["top"] + MARGINS["bottom"])) / scale
    pages = 1 + (height - page) / (page - head)
    whole = max(1, round(pages))
    if not whole - ESTIMATE < pages <= whole + LEAST_LAST_PAGE:
        return 0, 0
    return (whole, 0) if scale * whole / pages >= SMALLEST_SCALE else (0, KEPT_TOGETHER)


def _scale(columns: Sequence[Column], paper: Paper) -> float:
    return min(1.0, (_POINTS[paper][0] - 72 * (MARGINS["left"] + MARGINS["right"])) / table_width(columns))


def is_too_long(lines: int) -> bool:
    """Whether so many lines are more than the highest row holds."""
    return height_of(lines) > MAX_ROW_HEIGHT


def in_parts(text: str, capacity: float) -> Iterator[str]:
    """The text in parts that each fit into a row of a column that holds ``capacity`` half-width characters a line."""
    part, lines, width = "", 1, 0
    for char in text:
        wide = text_width(char)
        if char == "\n" or width + wide > capacity:
            lines, width = lines + 1, 0
            if is_too_long(lines):
                yield part
                part, lines = "", 1
                if char == "\n":
                    continue
        width += 0 if char == "\n" else wide
        part += char
    yield part
