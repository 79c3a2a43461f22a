"""The text of a paper that the coordinating office edits, or of its own paper a unit. The only writer of ``PaperText``.

A paper is edited as a whole, chapter by chapter. A chapter nobody edited is drafted from the data each time; in an
edited one the figures are fields, filled with the present values each time. It is the paper of the whole campaign that
is edited: the one a receiving unit writes of its part stays as drafted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.states import hold_writable
from core import audit
from core.content_token import require_unchanged
from core.exceptions import NotAllowed, Refused
from reports.documents.drafts import TEXT_PAPERS
from reports.documents.fields import fill_fields, lone_braces, named_fields, unknown_fields
from reports.documents.material import PeriodMaterial
from reports.documents.numbers import TypedNumber, typed_numbers
from reports.domain.figures import ReportQuery
from reports.models import PaperText
from reports.rules import may_compile


@dataclass(frozen=True)
class Chapter:
    """One chapter as the page shows it; ``name``: its heading without the number. ``text``: what is used, with fields;
    ``filled``: with their present values; ``typed``: numbers in it that are no figure of the paper."""

    key: str
    heading: str
    name: str
    text: str
    is_edited: bool
    filled: str
    typed: list[TypedNumber]
    unknown: list[tuple[str, list[str]]]
    hint: str


@dataclass(frozen=True)
class OpenText:
    """The text of a paper, called ``label``. ``version`` 0: nobody has edited it."""

    label: str
    version: int
    chapters: list[Chapter]
    fields: dict[str, str]
    last: PaperText | None

    @property
    def typed(self) -> list[tuple[str, str, str]]:
        """(chapter, number, nearest field) of every number that is no figure of the paper."""
        return [(one.name, found.number, found.nearest) for one in self.chapters for found in one.typed]

    @property
    def unknown(self) -> list[tuple[str, str, list[str]]]:
        """(chapter, name in braces that is no field, near names)."""
        return [(one.name, name, near) for one in self.chapters for name, near in one.unknown]


def last_text(query: ReportQuery, paper: str) -> PaperText | None:
    """The version in use; one query. None where nobody edited the paper, or it is that of a receiving unit."""
    scope, is_units = query.report_scope, TEXT_PAPERS[paper].is_units
    if scope.kind != ("unit" if is_units else "all"):
        return None
    kept = PaperText.objects.filter(campaign=query.campaign, period=query.period.code, paper=paper)
    if is_units:
        kept = kept.filter(department__in=scope.departments)
    return kept.select_related("saved_by").order_by("-version").first()


def edited_text(query: ReportQuery, paper: str) -> dict[str, str]:
    """{key of a chapter: text} of the chapters that were edited: by the office, in a unit's paper by the unit."""
    last = last_text(query, paper)
    return last.paragraphs if last else {}


def open_text(material: PeriodMaterial, paper: str) -> OpenText:
    """The text as it stands; one query beside those of the material. KeyError for a paper without a text to edit."""
    kind = TEXT_PAPERS[paper]
    last, fields = last_text(material.query, paper), named_fields(material)
    edited = last.paragraphs if last else {}
    chapters = []
    for one in kind.parts(material):
        text = edited.get(one.key, one.text)
        chapters.append(
            Chapter(
                key=one.key,
                heading=one.heading,
                name=one.name,
                text=text,
                is_edited=one.key in edited,
                filled=fill_fields(text, fields),
                typed=typed_numbers(text, one.paragraphs, fields) if one.key in edited else [],
                unknown=unknown_fields(text, fields),
                hint=one.hint,
            )
        )
    return OpenText(kind.label, last.version if last else 0, chapters, fields, last)


def require_author(query: ReportQuery, paper: str, actor: User) -> None:
    """Raise NotAllowed for who does not write this text: a unit's paper its principal, deputies and liaisons, any other
    the office of the campaign's own level."""
    if TEXT_PAPERS[paper].is_units:
        if not query.report_scope.departments & scope_of(actor).units:
            raise NotAllowed("材料文字由报送的单位修改。", rule="paper_text.unit")
    elif not may_compile(actor, query.campaign):
        raise NotAllowed("材料文字由本活动的统筹办修改。", rule="paper_text.office")


def _unit_of(query: ReportQuery, paper: str) -> int | None:
    """Whose text it is: the one unit of the scope; None for the campaign's."""
    if not TEXT_PAPERS[paper].is_units:
        return None
    [unit] = query.report_scope.departments
    return unit


@transaction.atomic
def save_text(
    *,
    material: PeriodMaterial,
    paper: str,
    texts: Mapping[str, str],
    restored: frozenset[str],
    seen: int,
    actor: User,
    now: datetime | None = None,
) -> PaperText | None:
    """Keep the text as its next version and return it; the last one where nothing has changed.

    ``texts``: {key: text} of the chapters that were changed on the page; a text equal to the draft is none.
    ``restored``: chapters that are drafted from the data again. ``seen``: the version that was on the page. Side
    effects in order: the version, an audit entry. Raises NotAllowed as ``require_author``; StaleVersion when
    somebody else saved first; Refused naming each field that does not exist and each brace that forms none.
    """
    query = material.query
    require_author(query, paper, actor)
    hold_writable(query.campaign.pk)
    last = last_text(query, paper)
    require_unchanged(
        what="材料文字",
        seen=str(seen),
        now=str(last.version if last else 0),
        by=last and last.saved_by,
        saved=(last.saved_by, last.saved_at) if last else None,
    )
    _require_known(texts, restored, named_fields(material))
    before = last.paragraphs if last else {}
    parts = TEXT_PAPERS[paper].parts(material)
    after = _changed(before, texts, restored, {one.key: one.text for one in parts})
    if after == before:
        return last
    kept = PaperText.objects.create(
        campaign=query.campaign,
        period=query.period.code,
        paper=paper,
        department_id=_unit_of(query, paper),
        version=last.version + 1 if last else 1,
        paragraphs=after,
        saved_at=now or timezone.now(),
        saved_by=actor,
    )
    edited = [one.name for one in parts if one.key in after]
    detail = {"period": kept.period, "paper": kept.paper, "version": kept.version, "edited": edited}
    detail |= {"unit": kept.department.name} if kept.department else {}
    code = query.campaign.code
    audit.record(actor=actor, action="paper.text_saved", object_type="campaign", object_key=code, detail=detail)
    return kept


def _changed(
    before: Mapping[str, str], texts: Mapping[str, str], restored: frozenset[str], drafted: Mapping[str, str]
) -> dict[str, str]:
    """The edited chapters after a save; what the draft says anyway stays drafted, an empty chapter is a text."""
    kept = {key: text for key, text in {**before, **texts}.items() if key in drafted and key not in restored}
    return {key: text for key, text in kept.items() if text != drafted[key]}


def _require_known(texts: Mapping[str, str], restored: frozenset[str], fields: Mapping[str, str]) -> None:
    wrong = {}
    for key, text in texts.items():
        if key in restored:
            continue
        found = [words_of(name, near) for name, near in unknown_fields(text, fields)]
        found += [f"“{around}”中的大括号没有写成字段，要写出大括号本身，请连写两个" for around in lone_braces(text)]
        if found:
            wrong[f"text_{key}"] = "；".join(found) + "。"
    if wrong:
        raise Refused("有不能识别的字段，没有保存。", rule="paper_text.field", fields=wrong)


def words_of(name: str, near: list[str]) -> str:
    """What is said of a name in braces that is no field."""
    also = f"，相近的有：{'、'.join(f'{{{one}}}' for one in near)}" if near else ""
    return f"没有名为“{{{name}}}”的字段{also}"
