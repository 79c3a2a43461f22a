"""专项报告 (M18 三5): the chapters of 体验报告 (F4) for all walks of a unit in a one-off campaign, with its totals, the
list of its problems and pictures."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import Rhythm
from core.periods import Period
from core.templatetags.ui import cndate
from reports.documents import walk_words as words
from reports.documents.chapters import NONE, Annex, TextPaper, numbered
from reports.documents.fields import literal
from reports.documents.issue_chapters import by_class, is_classified, problems
from reports.documents.material import PeriodMaterial, unit_material
from reports.documents.quarter_results import addressed, opening, rectified
from reports.documents.walk_report import LIST, LIST_HEADS, LIST_MM, PHOTOS_AT_MOST
from reports.domain import figures
from reports.domain.figures import ReportQuery
from reports.domain.walk_content import NAMED, Photo, WalkContent, contents_of
from walks.domain.covert import not_hidden
from walks.enums import Assessment
from walks.models import Step, Walk

# A walk's own 体验报告 tells all of it.
WALK_WORDS, STEP_WORDS, MEASURES_TOLD = 300, 40, 30


def special_material(query: ReportQuery) -> PeriodMaterial:
    """The material of the unit with everything entered on its walks, by day."""
    rows = figures.walks(query).filter(not_hidden()).select_related(*NAMED)
    contents = contents_of(list(rows.order_by("walk_date", "started_at", "pk")))
    return replace(unit_material(query), contents=tuple(contents))


def _asked(rules: Rulebook, period: Period) -> bool:
    return rules.reporting.rhythm == Rhythm.ONCE and rules.is_own(period)


def _basics(material: PeriodMaterial) -> tuple[str, ...]:
    lines = opening(material)
    if not material.contents:
        return lines
    modes = Counter(words.mode_of(content) for content in material.contents)
    covert = sum(content.walk.is_covert for content in material.contents)
    how = f"体验形式：{'、'.join(f'{literal(mode)}{number}次' for mode, number in modes.items())}。"
    alone = f"其中{covert}次不亮身份、不打招呼，未安排陪同人员。" if covert else ""
    return (*lines, how + alone)


def _course(material: PeriodMaterial) -> tuple[str, ...]:
    """A line for each walk: day, who, how, and its steps in short."""
    return numbered(_walk_line(content) for content in material.contents) or (NONE,)


def _walk_line(content: WalkContent) -> str:
    walk = content.walk
    where = f"，在{walk.place}" if walk.place else ""
    head = f"{_named(walk)}（{words.days_of(walk)}，{words.walker_of(walk)}，{words.mode_of(content)}{where}）"
    steps = "；".join(_step_words(step) for step in content.steps)
    return literal(f"{head}：{_short(steps, WALK_WORDS) or '已体验'}。")


def _step_words(step: Step) -> str:
    facts = (step.place_label, _short(step.note, STEP_WORDS), step.get_assessment_display())
    return "，".join(one for one in facts if one)


def _judgement(material: PeriodMaterial) -> tuple[str, ...]:
    judged = [step.assessment for content in material.contents for step in content.steps if step.assessment]
    counted = "、".join(f"{one.label}{judged.count(one)}个" for one in Assessment if one in judged)
    lines = [f"对{len(judged)}个环节作出评价，其中{counted}。"] if judged else []
    for content in material.contents:
        walk = content.walk
        met = (words.days_met(walk), words.documents_met(walk), words.trips_met(walk))
        names = ("办理时限", "申请材料", "跑动")
        told = "；".join(f"{name}{figure}" for name, figure in zip(names, met, strict=True) if figure)
        lines += [literal(f"{_named(walk)}：{told}。")] if told else []
    if is_classified(material):
        lines.append(f"按问题分类：{by_class(material)}。")
    return tuple(lines) or (NONE,)


def _measures(material: PeriodMaterial) -> tuple[str, ...]:
    """The totals, then each problem with its measures and date."""
    told = [_measure_line(content, one) for content in material.contents for one in content.to_rectify]
    more = [f"其余{len(told) - MEASURES_TOLD}个问题的整改措施及完成时限见附件。"] if len(told) > MEASURES_TOLD else []
    return (*rectified(material), *numbered(told[:MEASURES_TOLD]), *more)


def _measure_line(content: WalkContent, issue) -> str:
    measures = "；".join(_short(text, WALK_WORDS) for text in words.measures_of(content.measures, issue))
    facts = (
        ("整改类型", words.track_of(issue)),
        ("责任单位", words.unit_of(issue)),
        ("完成时限", cndate(issue.due_on) if issue.due_on else ""),
        ("", issue.get_state_display()),
    )
    told = "，".join(f"{name}：{value}" if name else value for name, value in facts if value)
    return literal(f"{issue.number}（{content.walk.item_name}）：{measures or '整改措施待定'}，{told}。")


def _suggestions(material: PeriodMaterial) -> tuple[str, ...]:
    lines = [
        literal(f"{_named(content.walk)}：{words.one_line(content.walk.suggestion)}。")
        for content in material.contents
        if content.walk.suggestion.strip()
    ]
    return numbered(lines) or (NONE,)


def _named(walk: Walk) -> str:
    return f"“{walk.item_name}”"


def _short(text: str, most: int) -> str:
    line = words.one_line(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _list_rows(material: PeriodMaterial) -> list[dict]:
    """The rows of 问题整改清单 (F5) of every walk, numbered through."""
    rows = [row for content in material.contents for row in words.rectification_cells(content)]
    return [
        {f"c{place}": value for place, value in enumerate([number, *row[1:]])} for number, row in enumerate(rows, 1)
    ]


def _photos(material: PeriodMaterial) -> tuple[list[Photo], int]:
    chosen = list(chosen_photos(material.contents))
    return chosen, sum(len(content.photos) for content in material.contents) - len(chosen)


def chosen_photos(contents: tuple[WalkContent, ...]) -> Iterator[Photo]:
    """So many photos as a file holds, in the order of the walks: of every walk its first before of any its second."""
    ranked = sorted(
        (place, number) for number, content in enumerate(contents) for place in range(len(content.photos))
    )  # fmt: skip
    for number, place in sorted((number, place) for place, number in ranked[:PHOTOS_AT_MOST]):
        photo = contents[number].photos[place]
        yield replace(photo, place=f"{contents[number].walk.item_name}，{photo.place}")


SPECIAL_REPORT = TextPaper(
    "special-report",
    "专项报告",
    "{author}“一把手”走流程专项报告",
    addressed,
    (
        ("basics", "基本情况", _basics),
        ("course", "体验过程", _course),
        ("judgement", "体验评价", _judgement),
        ("problems", "发现的问题", problems),
        ("measures", "整改措施及完成时限", _measures),
        ("suggestions", "意见建议", _suggestions),
    ),
    annexes=(
        Annex(
            "整改清单",
            "整改清单标题",
            LIST,
            tuple((head, f"c{place}", LIST_MM[place]) for place, head in enumerate(LIST_HEADS)),
            _list_rows,
            may_split=True,
        ),
    ),
    scopes=("unit",),
    counted=("issues_found",),
    asked=_asked,
    material=special_material,
    photos=_photos,
    is_signed=True,
)
