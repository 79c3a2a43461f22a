"""走流程情况登记表 (F2) of one walk, with the 规定环节 of L22's activities (F3) where its rules ask for them."""

from functools import lru_cache

from campaigns.domain.rulebook.rulebook import RequiredComponent
from campaigns.enums import SERVICE_KINDS, Component
from core.docx import fill
from core.docx_layout import WordPaper
from core.templatetags.ui import cndate
from issues.enums import Track
from issues.models import Issue
from reports.documents import walk_words as words
from reports.domain.walk_content import WalkContent
from walks.domain.components import component_statuses_of
from walks.domain.queries import done_of
from walks.domain.requirements import OWN, ComponentStatus, counts_as_callback
from walks.enums import Rating
from walks.models import Step

STEP_HEADS, STEP_MM = ("环节", "时间", "办理经过", "评价", "发现问题"), (22, 31, 57, 14, 32)
PART_HEADS, PART_MM = ("规定环节", "是否完成", "内容", "佐证"), (26, 34, 74, 22)
MEETING_HEADS, MEETING_MM = ("时间", "参加人员", "问题和建议"), (31, 50, 75)
# Elements of the notice beside each other; more than these stand in one column.
RATINGS_BESIDE, RATINGS_MM = 5, 57


def walk_record(content: WalkContent) -> bytes:
    """The form as .docx, its foot blank for the walker's signature. Same content, same bytes."""
    asked = component_statuses_of(content.walk, content.steps)
    found = {one.component.code: one.component for one in asked}
    shown = tuple(code for code in _TABLES if any(step.component == code for step in content.steps))
    elements = tuple((code, _elements(found.get(code))) for code in shown)
    template = _template(_with_steps(content, asked), bool(asked), elements, bool(content.look_backs))
    return fill(template, _context(content, asked, dict(elements)))


def _context(content: WalkContent, asked: list[ComponentStatus], elements: dict[str, tuple[str, ...]]) -> dict:
    walk = content.walk
    return {
        "title": f"{walk.department_name}“一把手走流程”情况登记表",
        "facts": _facts(content),
        "steps": [_step_row(content, step) for step in content.steps if not step.component],
        "parts": [_part_row(content, one) for one in asked],
        "tables": {
            code: [_TABLES[code](number, step, names) for number, step in enumerate(_of(content, code), 1)]
            for code, names in elements.items()
        },
        "found": _found(content),
        "signed_on": cndate(words.day_of_signing(walk)),
    }


def _facts(content: WalkContent) -> dict[str, str]:
    walk = content.walk
    return {
        "编号": words.number_of(walk),
        "体验人": words.walker_of(walk),
        "体验单位": walk.department_name,
        "体验时间": words.days_of(walk),
        "地点或渠道": walk.place or words.DASH,
        "体验事项": f"{walk.item_name}（主管部门：{walk.item.department.name}）",
        "活动类型": walk.get_activity_kind_display(),
        "体验形式": words.mode_of(content),
        "体验角色": walk.get_role_display(),
        "是否虚拟事项": words.simulated(walk),
        "是否暗访": "是（不亮身份、不打招呼）" if walk.is_covert else "否",
        "陪同人员": words.companions_of(walk),
        "申请材料": words.documents_met(walk) or words.DASH,
        "跑动次数": words.trips_met(walk) or words.DASH,
        "办理时限": words.days_met(walk) or words.DASH,
    }


def _found(content: WalkContent) -> dict[str, str]:
    walk, problems = content.walk, content.problems
    on_spot = [
        f"问题{number}（{one.get_state_display()}）"
        for number, one in enumerate(problems, 1)
        if one.track == Track.ON_SPOT
    ]
    listed = [f"{one.description}{f'（{one.number}）' if one.number else ''}" for one in problems]
    measures = [
        f"问题{number}：{'；'.join(words.one_line(text) for text in words.measures_of(content.measures, one))}"
        for number, one in enumerate(problems, 1)
        if words.measures_of(content.measures, one)
    ]
    return {
        "发现问题": words.numbered(listed) or words.nothing_found(content),
        "回头看": words.numbered(words.look_backs_of(content)),
        "立行立改情况": "、".join(on_spot) or words.NONE,
        "整改措施": "\n".join(measures) or words.NONE,
        "收集需求": words.numbered([f"{one.get_subject_display()}：{one.content}" for one in content.needs])
        or words.NONE,
        "意见建议": walk.suggestion or words.NONE,
        "附件": _attached(content),
    }


def _attached(content: WalkContent) -> str:
    counted = (("照片", len(content.photos), "张"), ("签字盖章件", content.stamped, "份"))
    return "，".join(f"{name}{number}{unit}" for name, number, unit in counted if number) or words.NONE


def _step_row(content: WalkContent, step: Step) -> list[str]:
    met = [f"问题{number}" for number, one in enumerate(content.problems, 1) if _met_at(content, one) == step.pk]
    said = step.get_assessment_display() or words.DASH
    return [step.get_stage_display(), words.moment_of(step), step.note, said, "、".join(met)]


def _met_at(content: WalkContent, issue: Issue) -> int | None:
    """The step (id) a problem was met at: where it was noted, else the first of its stage; None where there is none."""
    if issue.step_id is not None or not issue.stage:
        return issue.step_id
    return next((step.pk for step in content.steps if step.stage == issue.stage), None)


def _part_row(content: WalkContent, one: ComponentStatus) -> list[str]:
    """One component: whether it is complete, what was done, and how many photos show it."""
    code = one.component.code
    steps = _of(content, code)
    own = OWN.get(content.walk.activity_kind) == code
    told = [step.item_name or step.note for step in steps if step.item_name or step.note]
    name = Component(code).brief
    photos = sum(photo.place == name for photo in content.photos)
    if code not in _TABLES:
        told += [rated for step in steps if (rated := _all_rated(step, _elements(one.component)))]
    said = "；".join([*(["见各环节体验"] if own else []), *(words.one_line(text) for text in told)])
    done = f"{'已完成' if one.is_met else '未完成'}（{one.figure}）"
    return [name, done, said or words.DASH, f"照片{photos}张" if photos else words.DASH]


def _of(content: WalkContent, code: str) -> list[Step]:
    return [step for step in content.steps if step.component == code]


def _with_steps(content: WalkContent, asked: list[ComponentStatus]) -> bool:
    """Riding along or handling complaints walks no service stage by stage: its components are its 环节."""
    own_stages = any(not step.component for step in content.steps)
    return own_stages or not asked or content.walk.activity_kind in SERVICE_KINDS


def _elements(component: RequiredComponent | None) -> tuple[str, ...]:
    return component.elements if component else ()


def _rated(step: Step, names: tuple[str, ...]) -> list[str]:
    said = _ratings_of(step)
    if len(names) > RATINGS_BESIDE:
        return [_all_rated(step, names)]
    return [said.get(name, words.DASH) for name in names]


def _all_rated(step: Step, names: tuple[str, ...]) -> str:
    """受理条件：好；对接协调：好…, the elements that were rated."""
    said = _ratings_of(step)
    return "；".join(f"{name}：{said[name]}" for name in names if name in said)


def _ratings_of(step: Step) -> dict[str, str]:
    return {name: Rating(value).label for name, value in step.ratings.items()}


def _check_row(number: int, step: Step, names: tuple[str, ...]) -> list[str | int]:
    return [number, step.item_name, *_rated(step, names), step.note]


def _callback_row(number: int, step: Step, names: tuple[str, ...]) -> list[str | int]:
    [done] = done_of([step])
    day = f"{step.served_on.month}月{step.served_on.day}日" if step.served_on else words.DASH
    phone = step.phone or words.DASH
    valid = "是" if counts_as_callback(done) else "否"
    return [number, words.masked_person(step), phone, day, valid, *_rated(step, names), step.note]


def _meeting_row(number: int, step: Step, names: tuple[str, ...]) -> list[str | int]:
    return [words.moment_of(step), "（已清除）" if step.is_person_erased else step.person, step.note]


# The components that have a table of their own, in the order of the form, and how a record of each reads.
_TABLES = {
    Component.BUSINESS_CHECK: _check_row,
    Component.SERVICE_CALLBACK: _callback_row,
    Component.DISCUSSION: _meeting_row,
}


@lru_cache(maxsize=64)
def _template(
    with_steps: bool, with_parts: bool, elements: tuple[tuple[str, tuple[str, ...]], ...], looks_back: bool
) -> bytes:
    """The form for walks of one shape: ``elements`` are those of each component that has records."""
    paper = WordPaper("走流程情况登记表")
    paper.title("{{ title }}")
    names = ("编号", "体验人", "体验单位", "体验时间", "地点或渠道", "体验事项", "活动类型", "体验形式", "体验角色")
    names += ("是否虚拟事项", "是否暗访", "陪同人员", "申请材料", "跑动次数", "办理时限")
    paper.facts([(name, f"{{{{ facts['{name}'] }}}}") for name in names])
    if with_steps:
        _table(paper, "各环节体验", STEP_HEADS, STEP_MM, "steps")
    if with_parts:
        _table(paper, "规定环节", PART_HEADS, PART_MM, "parts")
    for code, asked in elements:
        heads, widths = _shape(code, asked)
        _table(paper, Component(code).brief, heads, widths, f"tables['{code}']")
    paper.level_1("问题和建议")
    names = (
        "发现问题",
        *(["回头看"] if looks_back else []),
        "立行立改情况",
        "整改措施",
        "收集需求",
        "意见建议",
        "附件",
    )
    paper.facts(
        [(name, f"{{{{ found['{name}'] }}}}") for name in names]
        + [("体验人签字", f"\n{words.LINE}　　{{{{ signed_on }}}}\n")],
        keeps_last=True,
    )
    return paper.content()


def _shape(code: str, asked: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Heads and widths of the table of one component."""
    if code == Component.DISCUSSION:
        return MEETING_HEADS, MEETING_MM
    rated = asked if len(asked) <= RATINGS_BESIDE else ("要素评价",)
    ratings = (RATINGS_MM / len(rated),) * len(rated) if rated else ()
    if code == Component.BUSINESS_CHECK:
        return ("序号", "随机事项", *rated, "检查情况"), (10, 40, *ratings, 106 - sum(ratings))
    heads = ("序号", "回访对象", "联系电话", "办理或咨询日期", "是否有效", *rated, "意见建议")
    return heads, (8, 13, 25, 20, 10, *ratings, 80 - sum(ratings))


def _table(paper: WordPaper, name: str, heads: tuple[str, ...], widths: tuple[float, ...], rows: str) -> None:
    paper.level_1(name)
    cells = [f"{{{{ row[{place}] }}}}" for place in range(len(heads))]
    paper.table(heads, widths, cells, f"row in {rows}", may_split=True)
