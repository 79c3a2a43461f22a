"""Words that ledgers use, and lists in one cell. Pure."""

import re
from functools import lru_cache

from core.tabular import word_key
from issues.enums import IssueSource, Satisfaction, Track

PASSED, FAILED = "passed", "failed"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_POINT = re.compile(rf"([{_CIRCLED}])\s*|(?<![^\n；;。])\s*(?:[(（](\d{{1,2}})[)）]|(\d{{1,2}})[.．、)）](?!\d))\s*")
_STRUCK_OFF = {"是", "已销号", "销号", "已完成销号", "完成销号", "y", "yes", "√", "✓"}
_OPEN = {
    "", "否", "未销号", "未完成", "整改中", "正在整改", "未整改", "待整改", "推进中", "n", "no", "×", "-", "—", "无",
    "/",
}  # fmt: skip
# Done, as the unit says, and not struck off by another person.
_DONE = {
    "已整改",
    "整改完成",
    "已完成",
    "已完成整改",
    "待销号",
    "待验收",
    "基本完成",
    "申请销号",
    "已申请销号",
    "已办结",
}
TRACKS = {
    **dict.fromkeys(("即知即改", "随走随改", "立即整改", "边走边改", "当场整改"), Track.ON_SPOT),
    **dict.fromkeys(("挂账销号", "限期", "挂账", "短期整改", "限时整改"), Track.LIMITED),
    **dict.fromkeys(("长期", "长期整改", "持续整改", "持续推进", "持续坚持"), Track.LONG_TERM),
}
SOURCES = {
    **dict.fromkeys(
        ("走流程(体验)", "体验", "一把手走流程", "走流程体验", "流程体验", "走流程、坐窗口"), IssueSource.WALK
    ),
    **dict.fromkeys(("坐窗办", "窗口体验"), IssueSource.WINDOW),
    **dict.fromkeys(
        ("12345", "热线", "市民热线", "12345市民热线", "政务服务热线", "12345政务服务便民热线"), IssueSource.HOTLINE
    ),
    **dict.fromkeys(("回访", "电话回访"), IssueSource.CALLBACK),
    **dict.fromkeys(("座谈", "座谈会"), IssueSource.MEETING),
    **dict.fromkeys(("好差评系统", "政务服务好差评"), IssueSource.RATING),
    **dict.fromkeys(("办不成事窗口", "办不成事", "“办不成事”反映窗口", "办不成事反映窗口"), IssueSource.DESK),
    **dict.fromkeys(("问卷", "问卷调查"), IssueSource.SURVEY),
    **dict.fromkeys(("网站", "网上征集"), IssueSource.WEBSITE),
    **dict.fromkeys(("人大代表", "政协委员", "提案", "建议提案", "代表委员"), IssueSource.DEPUTIES),
    **dict.fromkeys(("明查", "暗访", "明察暗访", "督查", "督导检查"), IssueSource.VISIT),
    **dict.fromkeys(("群众反映", "群众投诉", "企业群众反馈", "企业群众反映"), IssueSource.FEEDBACK),
    **dict.fromkeys(("媒体曝光", "新闻媒体"), IssueSource.MEDIA),
    **dict.fromkeys(("批示", "领导批办", "领导交办", "上级批示", "领导批示件"), IssueSource.INSTRUCTION),
}
GRADES = {
    **dict.fromkeys(("很满意", "十分满意"), Satisfaction.VERY_GOOD),
    **dict.fromkeys(("是", "比较满意", "较满意"), Satisfaction.GOOD),
    **dict.fromkeys(("一般", "较为满意"), Satisfaction.FAIR),
    **dict.fromkeys(("否", "较不满意"), Satisfaction.BAD),
    **dict.fromkeys(("很不满意", "十分不满意"), Satisfaction.VERY_BAD),
}
# The words of a ledger are few and its rows are many.
_kept = lru_cache(maxsize=1024)
_SOURCES = {word_key(label): key for key, label in IssueSource.choices} | {
    word_key(word): source.value for word, source in SOURCES.items()
}
_GRADES = {word_key(label): key for key, label in Satisfaction.choices} | {
    word_key(word): grade.value for word, grade in GRADES.items()
}
_TRACKS = {word_key(label): key for key, label in Track.choices} | {
    word_key(word): track.value for word, track in TRACKS.items()
}


def split_points(text: str) -> list[str]:
    """The points of a cell: at ①② anywhere, at 1. 2. or (1) where a line or a sentence begins, else one a line."""
    marks = list(_POINT.finditer(text))
    if marks:
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        parts = [text[: marks[0].start()], *(text[m.end() : end] for m, end in zip(marks, ends, strict=True))]
    else:
        parts = text.split("\n")
    return [clean for part in parts if (clean := part.strip().strip("；;。，,、").strip())]


@_kept
def read_struck_off(text: str) -> tuple[bool, bool] | None:
    """(struck off, whether that was read out of other words than 是 and 否); None for what says neither."""
    word = word_key(text)
    if word in _STRUCK_OFF:
        return True, False
    if word in _OPEN:
        return False, False
    return (False, True) if word in _DONE else None


@_kept
def read_look_back(text: str) -> str | None:
    """PASSED or FAILED, "" where there was none yet; None for words that say neither."""
    word = word_key(text)
    if word in ("", "-", "—", "/", "无", "否", "未开展", "暂未开展", "待回头看", "未回头看", "尚未开展", "暂无"):
        return ""
    if re.search("未通过|不通过|反弹|未整改到位|整改不到位|不合格|不到位|未落实", word):
        return FAILED
    return PASSED if re.search("通过|合格|整改到位|已落实|属实|无反弹|已整改", word) else None


@_kept
def read_track(text: str) -> str | None:
    """The kind of rectification; "" for an empty cell, None for another word."""
    return _TRACKS.get(word_key(text)) if text else ""


@_kept
def read_source(text: str) -> str | None:
    """Where the problem comes from; None for a word that stands for none of ours."""
    return _SOURCES.get(word_key(text)) if text else IssueSource.WALK.value


@_kept
def read_grade(text: str) -> str | None:
    """How satisfied the reporter is; "" for an empty cell or one that says nothing, None for another word."""
    word = word_key(text)
    return "" if word in ("", "-", "—", "/", "无", "未评价", "未回访") else _GRADES.get(word)
