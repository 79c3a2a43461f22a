"""The text of a paper as it is drafted from the data, in named paragraphs. Pure.

Figures stand in the text as fields (``reports.documents.fields``), names and examples as they are.
"""

from reports.documents.annexes import STATISTICS
from reports.documents.chapters import UNITS_ADDRESSED, TextPaper, numbered, soon, without_stop
from reports.documents.criticism import CRITICISM, PROPOSAL
from reports.documents.fields import OUTSIDE, literal
from reports.documents.issue_chapters import measures, problems
from reports.documents.material import GoodPractice, Improvement, PeriodMaterial, office_of
from reports.documents.quarter_results import QUARTER_RESULTS
from reports.documents.special_report import SPECIAL_REPORT
from reports.domain.by_activity import ActivityLine
from reports.domain.summary import rate


def _activities(material: PeriodMaterial) -> tuple[str, ...]:
    total = material.table.total.values
    if material.is_part:
        opening = (
            f"{material.query.period.label}，本单位接收{{已开展单位}}个单位报送的活动{{活动次数}}次，参与{{参与人次}}人次，"
            "其中主要负责同志{其中：主要负责同志}人次，体验事项{体验事项}个、{体验项次}项次。"
        )
        items = ["体验事项为：{体验事项名单}。"] if material.items else []
        return (opening, *_by_kind(material), *items)
    if not total["sessions"]:
        return (f"{material.query.period.label}，参加单位{{参加单位}}个，均未开展体验活动。",)
    opening = (
        f"{material.query.period.label}，参加单位{{参加单位}}个，已开展{{已开展单位}}个，开展活动{{活动次数}}次，"
        "参与{参与人次}人次，其中主要负责同志{其中：主要负责同志}人次，体验事项{体验事项}个、{体验项次}项次。"
    )
    return (opening, *_by_kind(material), "体验事项为：{体验事项名单}。")


def _by_kind(material: PeriodMaterial) -> tuple[str, ...]:
    """One line, which adds up to the totals; none where the notice knows one kind alone, of which all totals are."""
    if len(set(material.rules.activity_kinds)) < 2:
        return ()
    kinds = [_of_kind(line) for line in material.activities if line.values["sessions"] or line.values["issues_found"]]
    outside = [f"来件、督查等{_found(OUTSIDE)}"] if kinds and material.outside["issues_found"] else []
    return (f"按活动类型：{'；'.join(kinds + outside)}。",) if kinds else ()


def _of_kind(line: ActivityLine) -> str:
    """What L22 asks of each kind of activity (三（四）): 人次, 事项, 问题, 措施 and 落实."""
    name = line.label
    if not line.values["sessions"]:
        return f"{name}没有计入次数的体验，{_found(name)}"
    walked = f"{name}{{{name}次数}}次、{{{name}人次}}人次、{{{name}事项}}个事项"
    return f"{walked}，{_found(name) if line.values['issues_found'] else '未发现问题'}"


def _found(name: str) -> str:
    return f"发现问题{{{name}发现问题}}个、整改措施{{{name}整改措施}}条、已销号{{{name}已销号}}个"


def _practice(material: PeriodMaterial) -> tuple[str, ...]:
    lines = [f"{_by_whom(one)}：{without_stop(one.text)}。" for one in material.practices]
    lines += [f"{_by_whom(one)}：{without_stop(one.text)}（{one.words}）。" for one in material.improvements]
    return numbered(lines) or ("本期没有登记好的做法。",)


def _by_whom(one: GoodPractice | Improvement) -> str:
    """县民政局“结婚登记”: the unit, and the item where one is known."""
    return literal(f"{one.unit}“{one.item}”" if one.item else one.unit)


def _silent(material: PeriodMaterial) -> tuple[str, ...]:
    if material.is_part:
        return (f"本单位只汇总接收的材料，未开展、未报送单位由{literal(office_of(material.query))}通报。",)
    lines = []
    if material.silent:
        lines.append(_silent_words(material))
    if material.short:
        lines.append("已报送但体验未达标的单位{未达标单位数}个：{未达标单位名单}。")
    return (*(lines or ["参加单位均已开展并报送。"]), *_zero_by_period(material))


def _silent_words(material: PeriodMaterial) -> str:
    """Who walked nothing, and who of them said why in the one report they owe."""
    words = "未开展或未报送的单位{未开展未报送单位数}个：{未开展未报送单位名单}。"
    why = "其中以零报告说明原因的{零报告单位数}个：{零报告单位名单}。"
    return words + why if material.explained and not material.zero_by_period else words


def _zero_by_period(material: PeriodMaterial) -> tuple[str, ...]:
    """Of a month of weekly reports, and the like: who walked nothing in which week and said why."""
    return ("各期零报告：{零报告情况}。",) if material.zero_by_period else ()


def _next_steps(material: PeriodMaterial) -> tuple[str, ...]:
    lines = []
    if material.late:
        lines.append("督促逾期问题整改。逾期{逾期}个（责任单位：{逾期单位名单}），逐件明确责任人和完成时间，按期销号。")
    if material.table.total.values["not_due"]:
        lines.append("跟踪在办问题。未到期{未到期}个，按整改时限推进，办结一件、验收一件、销号一件。")
    if material.silent and not material.is_part:
        lines.append(f"督促未开展单位补课。由单位主要负责同志带头，{soon(material)}完成体验并报送材料。")
    if rate(material.table.total.values["closed"], material.table.total.values["issues_found"]):
        lines.append("开展回头看。对已销号问题再走流程，防止反弹，并举一反三排查同类问题。")
    return numbered(lines) or ("继续按要求开展“一把手走流程”活动。",)


def _overall(material: PeriodMaterial) -> tuple[str, ...]:
    zero = _zero_by_period(material)
    if not material.table.total.values["sessions"]:
        return (*_activities(material), *zero)
    opening, *_ = _activities(material)
    found = material.table.total.values["issues_found"]
    rest = (problems(material)[0], measures(material)[0]) if found else problems(material)
    return (opening, *_by_kind(material), *zero, *rest)


def _faults(material: PeriodMaterial) -> tuple[str, ...]:
    """Units by name, in the order of L22: 未开展, 逾期报送, 整改不彻底; the rest the office writes."""
    lines = [
        (material.silent, _silent_words(material)),
        (material.sent_late, "逾期报送材料的单位{逾期报送单位数}个：{逾期报送单位名单}。"),
        (material.short, "体验未达到要求的单位{未达标单位数}个：{未达标单位名单}。"),
        (material.late, "整改逾期的问题{逾期}个，责任单位：{逾期单位名单}。"),
        (material.rebounded, "整改不彻底、回头看未通过的问题{反弹}个，责任单位：{反弹单位名单}。"),
    ]
    named = [text for units, text in lines if units]
    return numbered(named) or ("本期没有需要点名通报的情形。",)


def _requirements(material: PeriodMaterial) -> tuple[str, ...]:
    lines = ["主要负责同志带头。各单位主要负责同志亲自走流程，按期开展、如实记录、及时报送。"]
    if material.silent or material.sent_late:
        office = literal(office_of(material.query))
        lines.append(f"抓紧补齐。被点名的单位在{soon(material)}完成体验并按时报送材料，向{office}说明原因。")
    if material.late or material.rebounded:
        lines.append("整改到位。逾期和反弹的问题逐件明确责任人和完成时间，整改一件、验收一件、销号一件。")
    lines.append("举一反三。对照本期通报的问题自查同类事项，健全长效机制。")
    return numbered(lines)


# 月度工作总结 (F10, L22 三（四）) and 通报 (F11, L22 三（一）).
MONTH_REPORT = TextPaper(
    "month-report",
    "工作总结",
    "{campaign}{period}工作总结",
    lambda material: office_of(material.query),
    (
        ("activities", "活动开展情况", _activities),
        ("problems", "发现的主要问题", problems),
        ("measures", "解决提升措施及落实情况", measures),
        ("practice", "好的做法", _practice),
        ("silent", "未开展、未报送单位", _silent),
        ("next", "下步打算", _next_steps),
    ),
    annexes=(STATISTICS,),
    scopes=("all", "lead"),
    has_imprint=True,
)
BULLETIN = TextPaper(
    "bulletin",
    "通报",
    "关于{campaign}{period}开展情况的通报",
    lambda material: UNITS_ADDRESSED,
    (
        ("overall", "总体情况", _overall),
        ("practice", "工作亮点", _practice),
        ("faults", "存在问题", _faults),
        ("next", "下步要求", _requirements),
    ),
    annexes=(STATISTICS,),
    is_issued=True,
    has_imprint=True,
)
TEXT_PAPERS = {
    paper.key: paper for paper in (MONTH_REPORT, BULLETIN, CRITICISM, PROPOSAL, QUARTER_RESULTS, SPECIAL_REPORT)
}
