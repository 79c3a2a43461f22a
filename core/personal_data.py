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
_NO_DIGITS = re.compile(r"\D+")
_DIGIT, _FEWEST_DIGITS = re.compile(r"\d"), 11
# Digits with nothing but invisible characters between them, and such groups with a few separators between them. The
# quantifiers never give back: no text makes them look twice.
_GROUP = re.compile(rf"\d(?:[{_INVISIBLE}]*+\d)*+")
_BETWEEN = rf"[{_INVISIBLE}]*+(?:[{re.escape(''.join(sorted(_SEPARATORS)))}][{_INVISIBLE}]*+){{0,{_MOST_BETWEEN}}}+"
_RUN = re.compile(rf"\d(?:{_BETWEEN}\d)*+")
# How a phone, with or without its prefix, and an identity number begin.
_MAY_BEGIN = re.compile(r"(?:0086|86|0)?1[3-9]\d{9}|\d{6}(?:19|20)\d{9}", re.ASCII)
_PHONE_SIZES = (11, 12, 13, 15)
_SIZES = (*_PHONE_SIZES, 17, 18)
# Pinyin or a word right behind a phone; what goes on with digits is a code, unless these are the next phone.
_NAME_BEHIND = re.compile(r"(?:[A-Za-z][a-z]{1,20}|[A-Z]{2,4})(?![A-Za-z_-]|(?!1[3-9]\d{9}(?!\d))\d)")
_UNITS = frozenset(
    {"kg", "mg", "km", "cm", "mm", "kb", "mb", "gb", "kw", "kwh", "mw", "hz", "mhz", "ml", "rmb", "cny", "usd", "yuan"}
)
# Letters right before a phone that introduce it; after other letters it is part of a code.
_INTRODUCED = re.compile(r"(?:tel|phone|mobile|mob|cell|wechat|weixin|wx|vx|v|t|m)$", re.IGNORECASE)


@dataclass(frozen=True)
class PersonalNumber:
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
    """Digits that stand together: how many, where they begin and end."""

    size: int
    start: int
    end: int


def find(text: str) -> list[PersonalNumber]:
    """Every such number in the text, in order; none overlaps another."""
    found: list[PersonalNumber] = []
    done = -1
    for run in _runs(text):
        for first, group in enumerate(run.groups):
            if group.start < done:
                continue
            for kind, start, end in _starting_at(text, run, first, done):
                found.append(PersonalNumber(start, end, kind, text[start:end]))
                done = end
    return found


def mask(text: str) -> str:
    """The text with every such number starred; nothing else changes, and nothing is found in the result."""
    # What is left of one number may read as another together with the digits beside it.
    while found := find(text):
        parts, done = [], 0
        for one in found:
            parts += [text[done : one.start], one.masked]
            done = one.end
        text = "".join([*parts, text[done:]])
    return text


# Tags, with what stands in an element whose text is no text of the page.
_MARKUP = re.compile(r"(<(?:textarea|script|style)\b.*?</(?:textarea|script|style)>|<[^<>]*>)", re.DOTALL)
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


@dataclass(frozen=True)
class _Run:
    """Groups of digits with nothing but a few separators between them. ``digits`` are those of all groups, ``offsets``
    says where in them each group begins, ``last`` which group ends behind so many digits."""

    groups: list[_Group]
    digits: str
    offsets: list[int]
    last: dict[int, int]


def _runs(text: str) -> Iterator[_Run]:
    """The runs in which a number may stand, in order; the text is read once, whatever it is."""
    # Most texts hold too few digits for any of them.
    if len(_DIGIT.findall(text)) < _FEWEST_DIGITS:
        return
    for found in _RUN.finditer(text):
        digits = _as_ascii(found.group())
        if not _MAY_BEGIN.search(digits):
            continue
        groups, offsets, last, total = [], [], {}, 0
        for place, part in enumerate(_GROUP.finditer(text, found.start(), found.end())):
            size = len(_as_ascii(part.group()))
            groups.append(_Group(size, part.start(), part.end()))
            offsets.append(total)
            total += size
            last[total] = place
        yield _Run(groups, digits, offsets, last)


def _as_ascii(text: str) -> str:
    """The digits of the text alone, full-width and other ones as ASCII."""
    digits = _NO_DIGITS.sub("", text)
    return digits if digits.isascii() else "".join(str(unicodedata.decimal(char)) for char in digits)


def _starting_at(text: str, run: _Run, first: int, done: int) -> list[tuple[str, int, int]]:
    """[(kind, start, end)] of what begins with that group, nothing when no number does; ``end`` is behind it. More than
    one where two phones are written together. ``done``: where the number found before it ends, -1 when none was.

    An identity number is looked for before a phone: written digit by digit, those of some provinces begin like one.
    """
    offset, start = run.offsets[first], run.groups[first].start
    if not _MAY_BEGIN.match(run.digits, offset) or (_within_a_code(text, start) and not _is_letters(text, done, start)):
        return []
    ends = {size: run.groups[run.last[offset + size]].end for size in _SIZES if offset + size in run.last}
    number = run.digits[offset : offset + 18]
    if 17 in ends and (with_x := _x_after(text, ends[17])) and _is_id(number[:17] + "X"):
        return [(ID, start, with_x)]
    if 18 in ends and _is_id(number) and not _letter_at(text, ends[18]):
        return [(ID, start, ends[18])]
    for size in _PHONE_SIZES:
        if size in ends and _is_phone(number[:size], _sizes(run, first, offset + size)) and _may_end(text, ends[size]):
            return [(PHONE, start, ends[size])]
    return _two_phones(text, run, first)


def _two_phones(text: str, run: _Run, first: int) -> list[tuple[str, int, int]]:
    """Two phones written together, in one group of digits without anything between."""
    group = run.groups[first]
    if group.size != 22 or group.end - group.start != 22 or not _may_end(text, group.end):
        return []
    digits, middle = run.digits[run.offsets[first] :], group.start + 11
    if not (_is_phone(digits[:11], (11,)) and _is_phone(digits[11:22], (11,))):
        return []
    return [(PHONE, group.start, middle), (PHONE, middle, group.end)]


def _sizes(run: _Run, first: int, end: int) -> tuple[int, ...]:
    """How many digits each group has, from that group on to the one that ends behind so many digits."""
    return tuple(group.size for group in run.groups[first : run.last[end] + 1])


def _may_end(text: str, place: int) -> bool:
    """Whether a phone may end there: letters behind it are a name written without a space, not a code or a unit."""
    if not _letter_at(text, place):
        return True
    word = _NAME_BEHIND.match(text, place)
    return word is not None and word.group().lower() not in _UNITS


def _within_a_code(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start]
    return bool(before) and _is_letter(before[-1]) and not _INTRODUCED.search(re.sub(r".*[^A-Za-z]", "", before))


def _is_letters(text: str, start: int, end: int) -> bool:
    """Whether nothing but letters stands there, so that they belong to the number before them."""
    return start >= 0 and end - start <= 20 and all(map(_is_letter, text[start:end]))


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
