"""Numbers of people in free text: 18-digit identity numbers and 11-digit mobile phones, found and masked. Pure.

Found however they are typed: full-width, in groups with spaces, dashes or dots, digit by digit, with +86 before a
phone, with invisible characters between. An identity number counts only with a province, a date and a check character
that are right; so amounts, document numbers and codes are left alone.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

ID, PHONE = "id", "phone"
LABELS = {ID: "身份证号", PHONE: "手机号"}
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
# How people group the digits of a phone; any other grouping is a row of numbers.
_PHONE_GROUPS = frozenset(
    {(11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (3, 5, 3), (5, 6), (6, 5), (3, 2, 2, 2, 2)}
)
_SPACES, _DASHES, _DOTS = " \t\u00a0\u3000\u2002\u2003\u2009", "-‐‑‒–—―−－﹣_", ".·・"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_SEPARATORS = frozenset(_SPACES + _DASHES + _DOTS + "()（）")
_X = frozenset("XxＸｘ×Хх")
_MOST_BETWEEN = 3
_SOME_DIGITS = re.compile(r"\d(?:\D{0,5}\d){10}")
# Letters right before a phone that introduce it; after other letters it is part of a code.
_INTRODUCED = re.compile(r"(?:tel|phone|mobile|mob|cell|wechat|weixin|wx|vx|v|t|m)$", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """One number: where it stands in the text (``end`` is behind it) and what it is."""

    start: int
    end: int
    kind: str
    text: str

    @property
    def masked(self) -> str:
        """The same with all digits starred but the first three and the last four."""
        return _starred(self.text)

    @property
    def words(self) -> str:
        """手机号 138****5678, for a message that must not tell the number itself."""
        return f"{LABELS[self.kind]} {self.masked}"


@dataclass(frozen=True)
class _Group:
    """Digits that stand together: their value as ASCII, where they begin and end."""

    digits: str
    start: int
    end: int


def find(text: str) -> list[Found]:
    """Every such number in the text, in order; none overlaps another."""
    if not _SOME_DIGITS.search(text):
        return []
    found: list[Found] = []
    for run in _runs(text):
        place = 0
        while place < len(run):
            hit = _starting_at(text, run, place)
            if hit is None:
                place += 1
                continue
            kind, last, end = hit
            found.append(Found(run[place].start, end, kind, text[run[place].start : end]))
            place = last + 1
    return found


def mask(text: str) -> str:
    """The text with every such number starred; nothing else changes, and nothing is found in the result."""
    parts, done = [], 0
    for one in find(text):
        parts += [text[done : one.start], one.masked]
        done = one.end
    return "".join([*parts, text[done:]]) if parts else text


# Tags, with what stands in an element whose text is no text of the page.
_MARKUP = re.compile(r"(<(?:textarea|script|style)\b.*?</(?:textarea|script|style)>|<[^>]*>)", re.DOTALL)
_READ_ALOUD = re.compile(r'(?<= )((?:alt|title|aria-label)=")([^"]*)(?=")')


def mask_page(html: str) -> str:
    """An HTML page with such numbers masked in its text and in what is read aloud; values of forms stay."""
    parts = _MARKUP.split(html)
    for place, part in enumerate(parts):
        if place % 2 == 0:
            parts[place] = mask(part)
        elif not part.startswith("<textarea"):
            parts[place] = _READ_ALOUD.sub(lambda match: match.group(1) + mask(match.group(2)), part)
    return "".join(parts)


def mask_all(data: object) -> object:
    """Lists and dictionaries with every text in them masked; anything else as it is."""
    if isinstance(data, str):
        return mask(data)
    if isinstance(data, dict):
        return {name: mask_all(value) for name, value in data.items()}
    return [mask_all(value) for value in data] if isinstance(data, list | tuple) else data


def _runs(text: str) -> Iterator[list[_Group]]:
    """Groups of digits with nothing but a few separators between them, run by run."""
    run: list[_Group] = []
    between, place = 0, 0
    while place < len(text):
        char = text[place]
        if char.isdecimal():
            group = _group_at(text, place)
            run.append(group)
            place, between = group.end, 0
            continue
        between += char not in _INVISIBLE
        if run and ((char not in _SEPARATORS and char not in _INVISIBLE) or between > _MOST_BETWEEN):
            yield run
            run = []
        place += 1
    if run:
        yield run


def _group_at(text: str, start: int) -> _Group:
    """The digits from there on, invisible characters between them left out."""
    digits, end, place = [], start, start
    while place < len(text) and (text[place].isdecimal() or text[place] in _INVISIBLE):
        if text[place].isdecimal():
            digits.append(str(unicodedata.decimal(text[place])))
            end = place + 1
        place += 1
    return _Group("".join(digits), start, end)


def _starting_at(text: str, run: list[_Group], first: int) -> tuple[str, int, int] | None:
    """(kind, last group, end) of the number that begins with that group; None when none does.

    An identity number is looked for to the end: written digit by digit, those of some provinces begin like a phone.
    """
    if _within_a_code(text, run[first].start):
        return None
    digits, phone = "", None
    for last in range(first, len(run)):
        digits += run[last].digits
        if len(digits) > 18:
            break
        sizes = tuple(len(group.digits) for group in run[first : last + 1])
        end = run[last].end
        if len(digits) == 17 and (with_x := _x_after(text, end)) and _is_id(digits + "X"):
            return ID, last, with_x
        if len(digits) == 18 and _is_id(digits) and not _letter_at(text, end):
            return ID, last, end
        if phone is None and _is_phone(digits, sizes) and not _letter_at(text, end):
            phone = PHONE, last, end
    return phone


def _within_a_code(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start]
    return bool(before) and _is_letter(before[-1]) and not _INTRODUCED.search(re.sub(r".*[^A-Za-z]", "", before))


def _letter_at(text: str, place: int) -> bool:
    return place < len(text) and _is_letter(text[place])


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _x_after(text: str, place: int) -> int:
    """The place behind the check character X that follows there; 0 when none does."""
    for ahead in range(place, min(place + _MOST_BETWEEN, len(text))):
        if text[ahead] in _X:
            return 0 if _letter_at(text, ahead + 1) else ahead + 1
        if text[ahead] not in _SEPARATORS and text[ahead] not in _INVISIBLE:
            return 0
    return 0


def _is_id(number: str) -> bool:
    if not _PROVINCES.match(number) or not "1900" <= number[6:10] <= "2099":
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number[17] == _CHECK[total % 11]


def _is_phone(digits: str, sizes: tuple[int, ...]) -> bool:
    for prefix in ("", "0", "86", "0086"):
        number = digits.removeprefix(prefix)
        if len(number) == 11 and len(digits) == 11 + len(prefix) and number[0] == "1" and number[1] in "3456789":
            return _is_grouped(sizes, len(prefix))
    return False


def _is_grouped(sizes: tuple[int, ...], prefix: int) -> bool:
    """Whether people group a phone like this; the country code stands by itself or at the head of the first group."""
    if prefix and sizes[0] == prefix:
        sizes = sizes[1:]
    elif prefix:
        sizes = (sizes[0] - prefix, *sizes[1:])
    return sizes in _PHONE_GROUPS or set(sizes) == {1}


def _starred(text: str) -> str:
    total = sum(char.isdecimal() or char in _X for char in text)
    seen, out = 0, []
    for char in text:
        counts = char.isdecimal() or char in _X
        seen += counts
        out.append("*" if counts and 3 < seen <= total - 4 else char)
    return "".join(out)
