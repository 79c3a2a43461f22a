"""What a paper of a period that is mostly text is made of: chapters, annexes, whom it is for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from campaigns.domain.rulebook.rulebook import Rulebook
from core.periods import Period
from core.templatetags.ui import cndate
from reports.documents.fields import literal
from reports.documents.material import PeriodMaterial, period_material
from reports.domain.figures import ReportQuery
from reports.domain.walk_content import Photo

NONE = "无。"
UNITS_ADDRESSED = "各参加单位"
NUMERALS = "一二三四五六七八九十"
# The 发文字号 of a paper with a red head: a part of its text that is no chapter.
NUMBER = "number"
# 版记 of a paper that goes to others besides: whom, who prints it, when. Parts of the text as well.
COPIES, PRINTER, PRINTED = "copies", "printer", "printed"
ASIDE = (NUMBER, COPIES, PRINTER, PRINTED)


@dataclass(frozen=True)
class Section:
    """One part of a text: ``key`` names it for good, ``paragraphs`` are its text, one after the other; ``hint``: what
    the person who edits it has to know."""

    key: str
    heading: str
    paragraphs: tuple[str, ...]
    hint: str = ""

    @property
    def text(self) -> str:
        """The paragraphs as a person edits them, a line each."""
        return "\n".join(self.paragraphs)

    @property
    def name(self) -> str:
        """The heading without its number."""
        return self.heading.partition("、")[2] or self.heading


@dataclass(frozen=True)
class Annex:
    """A table behind the text. ``columns``: (head, key of a row, width in mm), 225 mm in all; ``rows`` gives them as
    {key: value}; ``name`` and ``title_name``: what an own template calls the table and its title; ``note``: the line
    under it."""

    name: str
    title_name: str
    title: str
    columns: tuple[tuple[str, str, float], ...]
    rows: Callable[[PeriodMaterial], list[dict]]
    may_split: bool = False
    note: str = ""

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(head for head, _, _ in self.columns)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for _, key, _ in self.columns)

    @property
    def widths(self) -> tuple[float, ...]:
        return tuple(width for _, _, width in self.columns)


def always(rules: Rulebook, period: Period) -> bool:
    """Asked for by every notice, of every period."""
    return True


def nothing_lacking(material: PeriodMaterial, edited: Mapping[str, str]) -> str:
    """There is always something to say."""
    return ""


def no_photos(material: PeriodMaterial) -> tuple[list[Photo], int]:
    """A paper without pictures."""
    return [], 0


@dataclass(frozen=True)
class TextPaper:
    """A paper of a period that is mostly text.

    ``title``: with {campaign}, {period}, {author}. ``chapters``: (key, heading without its number, what drafts it).
    ``asked``: whether the rules ask for it in that period. ``material`` reads what it is about. ``lacking``: in words
    why nothing can be written, "" when it can; it is given the chapters that were edited. ``is_issued``: the office
    issues it, with a red head where the campaign has one. ``has_imprint``: it ends in 版记 where the office names who
    else gets it. ``is_signed``: the principal signs it where the rules want a signature. ``counted``: figures whose
    rows stand in it. ``photos``: those of the last annex, and how many more there are.
    """

    key: str
    label: str
    title: str
    addressee: Callable[[PeriodMaterial], str]
    chapters: tuple[tuple[str, str, Callable[[PeriodMaterial], tuple[str, ...]]], ...]
    annexes: tuple[Annex, ...] = ()
    scopes: tuple[str, ...] = ("all",)
    counted: tuple[str, ...] = ()
    asked: Callable[[Rulebook, Period], bool] = always
    material: Callable[[ReportQuery], PeriodMaterial] = period_material
    lacking: Callable[[PeriodMaterial, Mapping[str, str]], str] = nothing_lacking
    photos: Callable[[PeriodMaterial], tuple[list[Photo], int]] = no_photos
    is_issued: bool = False
    has_imprint: bool = False
    is_signed: bool = False

    @property
    def has_photos(self) -> bool:
        """Whether it is a paper with pictures."""
        return self.photos is not no_photos

    @property
    def is_units(self) -> bool:
        """Each unit writes its own."""
        return self.scopes == ("unit",)

    def sections(self, material: PeriodMaterial) -> tuple[Section, ...]:
        """The chapters as the data of the period draft them."""
        return tuple(
            Section(key, f"{numeral}、{heading}", draft(material))
            for numeral, (key, heading, draft) in zip(NUMERALS, self.chapters, strict=False)
        )

    def parts(self, material: PeriodMaterial) -> tuple[Section, ...]:
        """Everything of the text that is edited: with a red head its 发文字号, then the chapters, then 版记."""
        number = f"〔{material.query.as_of.year}〕　　号"
        head = [Section(NUMBER, "发文字号", (number,))] if self.has_red_head(material) else []
        return (*head, *self.sections(material), *(_imprint(material) if self.has_imprint else ()))

    def has_red_head(self, material: PeriodMaterial) -> bool:
        """Whether the office has switched the red head on, and this is a paper it issues."""
        return self.is_issued and bool(material.query.campaign.letterhead)


def _imprint(material: PeriodMaterial) -> tuple[Section, ...]:
    """GB/T 9704-2012, 7.4. Printed on the day of the paper by its author, unless the office says otherwise."""
    return (
        Section(COPIES, "抄送", (), "抄送机关的名称，用顿号或逗号隔开。不填的，文末没有版记。"),
        Section(PRINTER, "印发机关", (literal(material.author),), "填写抄送机关后印在版记中。"),
        Section(PRINTED, "印发日期", (cndate(material.query.as_of),), "填写抄送机关后印在版记中，可与成文日期不同。"),
    )


def numbered(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{number}.{text}" for number, text in enumerate(lines, 1))


def soon(material: PeriodMaterial) -> str:
    """By when something left undone is made up for: after the whole of a campaign there is no next period."""
    return "限期内" if material.query.period.kind == "whole" else "下期内"


def without_stop(text: str) -> str:
    """A person's words in a sentence of ours."""
    return literal(text.rstrip("。；;. "))
