"""Where the lines of a title end: about equally long, no date, number or word broken (docs/domain.md 9.1). Pure."""

import re
from collections.abc import Iterator
from itertools import accumulate
from math import ceil

# A year with its quarter, week, month or day, or another number with what it counts, stands on one line.
_TOKEN = re.compile(r"\d+年(?:第\d+(?:季度|周)|\d+月(?:\d+日)?)?|\d+[个件月日周]?")
# Words that titles of these papers are made of.
_WORD = re.compile(
    "工作总结|工作成果|开展情况|情况统计表|情况表|有关单位|被通报|通报批评|专项报告|通报|请示|活动|工作|行动|优化|服务|公共|流程|体验|"
    "改进|持续|开展|进一步|做好|常态化|部门|单位|提请|给予|一把手|一件事|一次办|解难题"
)
_NEVER_FIRST = "”’》〉）】〕，。、；：！？—…"
_NEVER_LAST = "“‘《〈（【〔"
# A word processor sets a quarter of a character between a digit and a Chinese character.
_BESIDE_DIGITS = 0.25
# A last line that is shorter looks like a leftover.
_SHORTEST_LAST = 0.35


def narrower_by(title: str, most: int) -> int:
    """By how many characters the lines of a title are to be shorter than ``most``, the characters a line holds.

    0 for a title of one line, and where no width breaks it well. Digits count half.
    """
    count = len(_lines(title, most))
    if count == 1:
        return 0
    least = ceil(_length(title) / count)
    found = [(width, lines) for width in range(least, most + 1) if len(lines := _lines(title, width)) == count]
    good = [
        (_broken(lines, _WORD), width)
        for width, lines in found
        if not _broken(lines, _TOKEN) and _length(lines[-1]) >= width * _SHORTEST_LAST
    ]
    return most - min(good)[1] if good else 0


def _pieces(title: str) -> Iterator[str]:
    """Runs of digits, and every other character by itself, as a word processor sees them."""
    yield from re.findall(r"[0-9A-Za-z.]+|.", title)


def _width(piece: str) -> float:
    return len(piece) / 2 + 2 * _BESIDE_DIGITS if piece.isascii() else 1.0


def _lines(title: str, width: int) -> list[str]:
    """The title as it breaks when a line holds ``width`` characters."""
    lines, used = [""], 0.0
    for piece in _pieces(title):
        if lines[-1] and used + _width(piece) > width and piece not in _NEVER_FIRST:
            kept = lines[-1].rstrip(_NEVER_LAST)
            carried = lines[-1][len(kept) :]
            lines[-1] = kept
            lines.append(carried)
            used = float(len(carried))
        lines[-1] += piece
        used += _width(piece)
    return lines


def _broken(lines: list[str], kept: re.Pattern) -> int:
    """How many matches of ``kept`` the ends of the lines break."""
    ends = list(accumulate(len(line) for line in lines[:-1]))
    return sum(match.start() < end < match.end() for match in kept.finditer("".join(lines)) for end in ends)


def _length(text: str) -> float:
    return sum(_width(piece) for piece in _pieces(text))
