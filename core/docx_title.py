"""Where the lines of a title end: at meaning, about equally long (GB/T 9704-2012, 7.3.1: 词意完整、长短适宜). Pure.

No line break falls into a word, a name, a number, a date or a bracket, as far as these are known. Words are those that
titles of these papers are made of; whoever writes the paper names what else it names.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import accumulate, pairwise
from math import ceil

# What is known to stand together, the longest first: quoted words, dates, numbers with what they count, words.
_QUOTED = "“[^“”]{1,14}”|‘[^‘’]{1,14}’|《[^《》]{1,14}》|（[^（）]{1,14}）|〔[^〔〕]{1,14}〕|【[^【】]{1,14}】"
_DATE = r"\d+年(?:第\d+(?:季度|周)|\d+月(?:\d+日)?|度)?|\d+月(?:\d+日)?|第?\d+(?:\.\d+)*(?:[个件次期号日周]|季度)?"
# The longest first.
_WORDS = (
    "情况统计表|工作总结|工作成果|开展情况|有关单位|通报批评|专项报告|营商环境|政务服务|"
    "情况表|统计表|被通报|进一步|常态化|一把手|一件事|一次办|解难题|走流程|坐窗口|跟执法|"
    "处投诉|优服务|关于对|情况|通报|请示|报告|方案|通知|总结|活动|行动|工作|优化|服务|"
    "公共|流程|体验|换位|改进|持续|开展|做好|部门|单位|提请|给予|审批|办事|群众|企业|"
    "问题|整改|清单|负责|同志|领导|干部|作风|整顿|推进|提升|改革|专题|主题|全县|全市|"
    "全区|全旗|全省|季度|年度|落实|监督|检查|实施|关于"
)
_NEVER_FIRST = "”’》〉）】〕，。、；：！？—…"
_NEVER_LAST = "“‘《〈（【〔"
# A line does not begin with these words, nor end with those.
_TO_THE_LEFT, _TO_THE_RIGHT = "的和及与等", "和及与对在由向将第"
# A word processor sets a quarter of a character between a digit and a Chinese character.
_BESIDE_DIGITS = 0.25
# A last line that is shorter looks like a leftover.
_SHORTEST_LAST = 0.5
# “走流程”行动 and 7月3日—7月15日 stand together where there is room.
_AFTER_QUOTES = ("活动", "行动", "工作")
# How bad a break is beside one character by which two lines differ.
_APART, _INSIDE_UNKNOWN, _PARTICLE, _LEFTOVER, _RANGE, _ONE_MORE = 7.0, 4.0, 12.0, 8.0, 60.0, 10.0


def title_lines(title: str, most: int, names: Collection[str] = ()) -> list[str]:
    """The lines of a title of which none holds more than ``most`` characters (digits count half); as few as can be,
    or one more where fewer would break what belongs together.

    ``names``: of campaign, region, units and the like, which are not broken either. A piece longer than a line is.
    """
    pieces = list(_pieces(title, names, most))
    widths = [0.0, *accumulate(_length(piece) for piece in pieces)]
    for count in range(max(1, ceil(widths[-1] / most)), len(pieces) + 1):
        bad, lines = _broken_into(pieces, widths, count, most)
        if lines:
            worse, longer = _broken_into(pieces, widths, count + 1, most)
            return longer if longer and worse + _ONE_MORE < bad else lines
    return [title]


def _broken_into(pieces: list[str], widths: list[float], count: int, most: int) -> tuple[float, list[str]]:
    """(how bad, lines) of the best way to set the pieces in so many lines; no lines where one would be too long."""
    even, last = widths[-1] / count, len(pieces)
    # {end of the lines set so far: (how bad, where each of them ends)}.
    set_so_far: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, (0,))}
    for line in range(1, count + 1):
        ends = range(line, last) if line < count else (last,)
        found: dict[int, tuple[float, tuple[int, ...]]] = {}
        for end in ends:
            if end < last and not _may_break(pieces[end - 1], pieces[end]):
                continue
            tried = [
                (bad + _uneven(widths[end] - widths[start], even, is_last=end == last), (*bounds, end))
                for start, (bad, bounds) in set_so_far.items()
                if start < end and widths[end] - widths[start] <= most
            ]
            if tried:
                bad, bounds = min(tried)
                found[end] = bad + (_cost(pieces[end - 1], pieces[end]) if end < last else 0.0), bounds
        set_so_far = found
    bad, bounds = set_so_far.get(last, (0.0, ()))
    return bad, ["".join(pieces[first:end]) for first, end in pairwise(bounds)]


def _uneven(length: float, even: float, *, is_last: bool) -> float:
    """What a line costs that is longer or shorter than equal ones would be."""
    leftover = _LEFTOVER if is_last and length < even * _SHORTEST_LAST else 0.0
    return (length - even) ** 2 / 4 + leftover


def _may_break(before: str, after: str) -> bool:
    return after[0] not in _NEVER_FIRST and before[-1] not in _NEVER_LAST


def _cost(before: str, after: str) -> float:
    """What a break between two pieces costs. Between two characters that belong to nothing known it may fall into a
    word nobody named."""
    cost = _PARTICLE if after in _TO_THE_LEFT or before in _TO_THE_RIGHT else 0.0
    cost += _APART if before[-1] == "”" and after in _AFTER_QUOTES else _RANGE if before == "—" else 0.0
    is_plain = len(before) == len(after) == 1 and before not in _TO_THE_LEFT + _NEVER_FIRST
    return cost + (_INSIDE_UNKNOWN if is_plain else 0.0)


def _pieces(title: str, names: Iterable[str], most: int) -> Iterator[str]:
    """What stands together: names, quoted words, dates, numbers, words, and every other character by itself."""
    known = sorted({name for name in names if len(name) > 1 and _length(name) <= most / 2}, key=len, reverse=True)
    yield from _known(tuple(known)).findall(title)


@cache
def _known(names: tuple[str, ...]) -> re.Pattern:
    return re.compile("|".join((_QUOTED, *map(re.escape, names), _DATE, _WORDS, "[0-9A-Za-z.]+", ".")))


def _length(text: str) -> float:
    return sum(
        len(run) / 2 + 2 * _BESIDE_DIGITS if run.isascii() else 1.0 for run in re.findall("[0-9A-Za-z.]+|.", text)
    )
