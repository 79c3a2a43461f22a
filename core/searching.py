"""Searching texts for a word that a person typed, where the word may be a number of a person.

Links, titles and histories hold what was searched with such numbers masked (``core.personal_data``). So that a link
finds what the form found, a number is always looked for by what its mask leaves of it.
"""

import re

from django.db.models import Q
from django.http import QueryDict

from core.personal_data import mask
from core.text import CLOSING, OPENING

_STARS = re.compile(r"(\*{4,})")


def searched(text: str) -> str:
    """The text as it is looked for and shown: numbers of people in it masked."""
    return mask(text)


def holds(column: str, word: str, *, any_case: bool = False) -> Q:
    """Rows whose ``column`` holds the word; four or more stars in it stand for as many characters."""
    kind = "i" if any_case else ""
    parts = _STARS.split(word)
    if len(parts) == 1:
        return Q(**{f"{column}__{kind}contains": word})
    pattern = "".join("." * len(part) if _STARS.fullmatch(part) else re.escape(part) for part in parts)
    return Q(**{f"{column}__{kind}regex": pattern})


def in_any_brackets(word: str) -> str:
    """A pattern of the word (as ``core.text.normalize_text`` leaves it) in texts that stand as they were typed."""
    kinds = {"(": f"({'|'.join(map(re.escape, '(' + OPENING))})", ")": f"({'|'.join(map(re.escape, ')' + CLOSING))})"}
    return "".join(kinds.get(sign, re.escape(sign)) for sign in word)


def masked_params(params: QueryDict) -> QueryDict:
    """A copy that may be changed, for an address: numbers of people in its values are masked."""
    changed = QueryDict(mutable=True)
    for name, values in params.lists():
        changed.setlist(name, [mask(value) for value in values])
    return changed
