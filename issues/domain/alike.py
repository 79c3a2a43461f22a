"""Whether two problems may be one, by their words; whether two results are the same text. Pure.

Words are compared by pairs of neighbouring characters: Chinese has no blanks to cut at, and a pair carries as much as a
word. Only problems of the same unit, item and class are compared (``issues.domain.duplicates``), so that few words in
common are enough. The bound was chosen on pairs as they stand on ledgers: the same problem told twice shares 0.36
or more of its pairs, two problems of one window 0.25 or less (``issues/tests/test_alike.py``).
"""

import hashlib
import re

from core.text import normalize_text

# Share of common pairs from which two texts are offered as alike.
ALIKE = 0.33
# A short text that stands nearly whole in a long one: so much of its pairs, of so many at least.
WITHIN, LEAST_WITHIN = 0.85, 4
# 已整改 and 已按要求全部整改到位 say nothing: a text of so few characters is equal by chance.
SHORTEST_RESULT = 12
KEY_LENGTH = 16
_MARKS = re.compile(r"[\W_]+")

Pairs = frozenset[str]


def bare(text: str) -> str:
    """The text without marks and blanks; width and case make no difference."""
    return _MARKS.sub("", normalize_text(text))


def pairs_of(text: str) -> Pairs:
    """The pairs of neighbouring characters; of a text of one character that one."""
    signs = bare(text)
    return frozenset(signs[place : place + 2] for place in range(max(1, len(signs) - 1))) - {""}


def is_alike(one: Pairs, other: Pairs) -> bool:
    """Whether two texts may tell of the same problem."""
    return alikeness(one, other) is not None


def alikeness(one: Pairs, other: Pairs) -> float | None:
    """How much two texts have in common that may tell of the same problem: 1 for the same pairs, twice the common ones
    by all (Dice). None of others. A ledger of thousands is compared with thousands: it is found once."""
    fewest, total = min(len(one), len(other)), len(one) + len(other)
    if not fewest:
        return None
    common = len(one & other)
    share = 2 * common / total
    is_within = fewest >= LEAST_WITHIN and common / fewest >= WITHIN
    return share if is_within or share >= ALIKE else None


def result_key(text: str) -> str:
    """Equal for two results of the same words, whatever their marks, blanks, width and case; "" for one too short to
    be told from others by."""
    signs = bare(text)
    return hashlib.sha256(signs.encode()).hexdigest()[:KEY_LENGTH] if len(signs) >= SHORTEST_RESULT else ""
