"""Names that are alike: offered where one is unknown, and asked about before a new one is made. Pure."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

from core.pinyin import syllables
from core.text import normalize_text

NEAREST = 3
_ALIKE = 0.85
_SHORTEST = 4
_MARKS = re.compile(r"[^\w]+")


def near_names(wanted: str, names: Iterable[str]) -> list[str]:
    """At most three: names that contain the wanted one or stand in it first, then those spelled alike."""
    names = list(dict.fromkeys(names))
    holding = [
        name
        for name in names
        if normalize_text(wanted) in normalize_text(name) or normalize_text(name) in normalize_text(wanted)
    ]
    return list(dict.fromkeys([*holding, *get_close_matches(wanted, names, NEAREST, 0.4)]))[:NEAREST]


def nearest(wanted: str, names: Iterable[str]) -> str:
    """ "。相近的有：…", or nothing."""
    found = near_names(wanted, names)
    return f"。相近的有：{'、'.join(found)}" if found else ""


def alike(one: str, other: str) -> bool:
    """True when two names may well mean the same: equal but for marks, read alike, one within the other, short for it,
    or with few characters that differ (县卫健局。 · 县民证局 · 青禾县公安局 · 县文旅局).

    县财政局 and 县民政局 are two.
    """
    first, second = sorted((_bare(one), _bare(other)), key=len)
    if first == second or not first:
        return first == second
    if len(first) >= _SHORTEST and (first in second or _is_short_for(first, second)):
        return True
    if len(first) == len(second) and syllables(first) == syllables(second):
        return True
    # The bounds cost a tenth of the ratio; a long list is compared with every unit.
    match = SequenceMatcher(None, first, second, autojunk=False)
    return match.real_quick_ratio() >= _ALIKE and match.quick_ratio() >= _ALIKE and match.ratio() >= _ALIKE


@lru_cache(maxsize=4096)
def _bare(name: str) -> str:
    return _MARKS.sub("", normalize_text(name))


def _is_short_for(short: str, long: str) -> bool:
    """县文旅局 of 县文化旅游体育局: the same characters in order, the first and the last ones equal."""
    rest = iter(long)
    return short[0] == long[0] and short[-1] == long[-1] and all(sign in rest for sign in short)
