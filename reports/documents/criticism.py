"""通报批评 (F11, L22 四（三）), and its proposal to the government (F16 三（三）). Pure but for ``criticism_material``.

Units are named, never a person and never a walk: what is said is whether a unit walked and reported, and what became of
the issues in its charge.
"""

from collections.abc import Mapping
from dataclasses import replace

from campaigns.domain.rulebook.oversight_words import criticism_words
from campaigns.domain.rulebook.rulebook import Rulebook
from core.periods import Period
from core.templatetags.ui import cndate
from reports.documents.annexes import CRITICISED
from reports.documents.chapters import UNITS_ADDRESSED, TextPaper, numbered, soon
from reports.documents.fields import literal
from reports.documents.material import PeriodMaterial, office_of, period_material
from reports.domain.figures import ReportQuery
from reports.domain.submissions.parts import owing_units, unsent_units

NAMED = "named"


def criticism_material(query: ReportQuery) -> PeriodMaterial:
    """The material of the period with who owes, and whose pack is overdue."""
    material = period_material(query)
    unsent = unsent_units(query.campaign, material.rules, query.period, until=query.as_of)
    return replace(
        material,
        owing=owing_units(query.campaign, material.rules, query.period, today=query.as_of),
        unsent=tuple(query.names.unit(pk, name) for pk, name in unsent.items()),
    )


def government_of(material: PeriodMaterial) -> str:
    """To whom the criticism is proposed: of the campaign's region, unless the rules name it in full."""
    region, to = material.query.campaign.region.name, material.rules.oversight.criticism_to
    return to if to.startswith(region) else f"{region}{to}"


def _asked(rules: Rulebook, period: Period) -> bool:
    return bool(rules.oversight.criticism) and not rules.oversight.criticism_to and rules.is_handed_in(period)


def _proposed(rules: Rulebook, period: Period) -> bool:
    return bool(rules.oversight.criticism and rules.oversight.criticism_to) and rules.is_handed_in(period)


def _lacking(material: PeriodMaterial, edited: Mapping[str, str]) -> str:
    query = material.query
    if query.as_of <= query.period.ends_on:
        return f"{query.period.label}到 {query.period.ends_on.isoformat()} 二十四时才结束，此前不能点名批评，没有生成。"
    if not material.criticised and NAMED not in edited:
        return (
            f"{query.period.label}没有须点名批评的单位：没有无故未开展、逾期报送、整改逾期和回头看未通过的情形，没有生成。"
            "有其他情形须批评的，请先在“修改文字”中写明单位和事由。"
        )
    return ""


def _overall(material: PeriodMaterial) -> tuple[str, ...]:
    return (
        f"{material.query.period.label}，参加单位{{参加单位}}个，已开展{{已开展单位}}个，开展活动{{活动次数}}次，"
        "发现问题{发现问题}个，已销号{已销号}个，逾期{逾期}个。"
        + ("未开展而以零报告说明原因的{零报告单位数}个单位，不因未开展列入批评。" if material.explained else ""),
        f"按照活动通知“{literal(criticism_words(material.rules))}”的要求，截至{cndate(material.query.as_of)}，"
        "{被通报单位数}个单位存在下列情形。",
    )


def _named(material: PeriodMaterial) -> tuple[str, ...]:
    """The units by what they are named for, in the order of L22: 无故不执行, 逾期, 整改不彻底. Not 无故 is who owes
    nothing, and who gave a 零报告 and so said why nothing was walked."""
    lines = [
        (material.unexplained, "无故未开展或未报送体验的单位{无故未开展单位数}个：{无故未开展单位名单}。"),
        (material.sent_late, "逾期报送材料的单位{逾期报送单位数}个：{逾期报送单位名单}。"),
        (material.unsent, "逾期仍未报送材料的单位{逾期未报单位数}个：{逾期未报单位名单}。"),
        (material.late, "整改逾期的问题{逾期}个，责任单位：{逾期单位名单}。"),
        (material.rebounded, "整改不彻底、回头看未通过的问题{反弹}个，责任单位：{反弹单位名单}。"),
    ]
    return numbered(text for units, text in lines if units)


def _demands(material: PeriodMaterial) -> tuple[str, ...]:
    lines = ["被通报的单位要认真查找原因，主要负责同志亲自研究，立即整改。"]
    if material.unexplained or material.sent_late or material.unsent:
        office = literal(office_of(material.query))
        lines.append(f"未开展的在{soon(material)}补走，未报送的立即补报，并向{office}书面说明原因。")
    if material.late or material.rebounded:
        lines.append("逾期和反弹的问题逐件明确责任人和完成时间，整改一件、验收一件、销号一件。")
    lines.append("其他单位引以为戒，按期开展体验，按时报送材料，按时限完成整改。")
    return numbered(lines)


def _proposal(material: PeriodMaterial) -> tuple[str, ...]:
    return ("提请对上述单位给予通报批评，并责令限期整改。", "妥否，请批示。")


CRITICISM = TextPaper(
    "criticism",
    "通报批评",
    "关于对{campaign}{period}有关单位的通报批评",
    lambda material: UNITS_ADDRESSED,
    (
        ("overall", "总体情况", _overall),
        (NAMED, "通报批评的单位和事由", _named),
        ("next", "整改要求", _demands),
    ),
    annexes=(CRITICISED,),
    asked=_asked,
    material=criticism_material,
    lacking=_lacking,
    is_issued=True,
    has_imprint=True,
)
PROPOSAL = TextPaper(
    "criticism-proposal",
    "提请通报批评的请示",
    "关于提请对{campaign}{period}有关单位给予通报批评的请示",
    government_of,
    (
        ("overall", "总体情况", _overall),
        (NAMED, "建议通报批评的单位和事由", _named),
        ("next", "提请事项", _proposal),
    ),
    annexes=(CRITICISED,),
    asked=_proposed,
    material=criticism_material,
    lacking=_lacking,
    has_imprint=True,
)
