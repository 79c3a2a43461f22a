"""Text as people type it: cleaning, normalizing for search, masking of personal data. Pure."""

import re
import unicodedata
from functools import lru_cache
from uuid import UUID

from core.pinyin import first_letters

SEARCH_TEXT_LIMIT = 2000

OPENING, CLOSING, _DOUBLE, _SINGLE, _DASHES = "〔［【〖[（", "〕］】〗]）", "“”„‟「」『』", "‘’‚‛", "‐‑‒–—―−"
_REPLACED = str.maketrans(
    {
        **dict.fromkeys(OPENING, "("),
        **dict.fromkeys(CLOSING, ")"),
        **dict.fromkeys(_DOUBLE, '"'),
        **dict.fromkeys(_SINGLE, "'"),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad"),
    }
)
_TO_REPLACE = re.compile(f"[{re.escape(''.join(map(chr, _REPLACED)))}]")
# Direction overrides are invisible and make a name read as another one; marks for mixed text stay.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NEWLINES = re.compile("\r\n?|\u2028|\u2029")
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_HAN_RUN = re.compile(f"({_HAN.pattern})")
_DIGIT_RUN = re.compile(r"[0-9](?:[0-9\- ()]*[0-9])?")


def clean(text: str) -> str:
    """What may be stored: no control character but newline and tab, newlines as ``\\n``, lone surrogates as U+FFFD."""
    # None of these is printable. Most texts are, and a table has many.
    if text.isprintable():
        return text
    text = _NEWLINES.sub("\n", text)
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def normalize_text(text: str) -> str:
    """The form in which texts are compared: width, case, kind of bracket, quote and dash make no difference.

    Runs of white space become one space, ends are stripped. Normalizing a result again does not change it.
    """
    if text.isascii() and text.isalnum():
        return text.lower()
    text = _composed(_composed(clean(text)).casefold())
    if _TO_REPLACE.search(text):
        # Removing a joiner can bring characters together that compose, as casefolding can.
        text = _composed(text.translate(_REPLACED))
    return " ".join(text.split())


def _composed(text: str) -> str:
    # Most texts are so already, and asking is quicker than making.
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def quoted(name: str) -> str:
    """The name in quotation marks; those it has itself become single ones (GB/T 15834)."""
    return f"“{name.replace('“', '‘').replace('”', '’')}”"


def pinyin_initials(text: str) -> str:
    """First letters of the default reading: ``县发改委`` → ``xfgw``; ASCII letters and digits stay, others go."""
    return _initials(normalize_text(text))


def _initials(normalized: str) -> str:
    if normalized.isascii():
        return "".join(filter(str.isalnum, normalized))
    parts = []
    for chunk in _HAN_RUN.split(normalized):
        if _HAN.match(chunk):
            parts.append(first_letters(chunk))
        else:
            parts.append("".join(char for char in chunk if char.isascii() and char.isalnum()))
    return "".join(parts)


def _searched(part: str) -> tuple[str, ...]:
    """What is searched of one part: itself and its initials."""
    normalized = normalize_text(part)
    return (normalized, _initials(normalized)) if normalized else ()


_NAME = 20
_searched_name = lru_cache(maxsize=8192)(_searched)


def search_text(*parts: str | None) -> str:
    """The stored search column: each part normalized and followed by its pinyin initials, one a line.

    At most 2,000 characters, so name the parts that people search for most first.
    """
    lines: dict[str, None] = {}
    for part in parts:
        if part:
            # Names come again in every row of a table, longer texts do not.
            read = _searched_name if len(part) <= _NAME else _searched
            lines |= dict.fromkeys(read(part[:SEARCH_TEXT_LIMIT]))
    lines.pop("", None)
    return "\n".join(lines)[:SEARCH_TEXT_LIMIT]


def mask_phone(text: str) -> str:
    """``13812345678`` → ``138****5678``; shorter numbers keep the last four digits at most; other characters stay."""
    return _DIGIT_RUN.sub(_mask_run, unicodedata.normalize("NFKC", text))


def _mask_run(match: re.Match) -> str:
    run = match.group()
    total = sum(char.isdigit() for char in run)
    head, tail = (3, 4) if total >= 11 else (0, 4) if total >= 7 else (0, 0)
    seen, masked = 0, []
    for char in run:
        seen += char.isdigit()
        masked.append("*" if char.isdigit() and head < seen <= total - tail else char)
    return "".join(masked)


def read_uuid(text: str) -> UUID | None:
    """The id an address or a form names; None when it names none."""
    try:
        return UUID(text)
    except ValueError:
        return None
