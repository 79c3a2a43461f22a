"""The search box of the ledger: what is stored of an issue, and what the box looks for: number, 原编号, words, units,
item, person, 文号."""

import re
from collections.abc import Iterable

from django.db.models import Q

from accounts.domain.renaming import ever_named
from accounts.models import Department
from catalogue.models import ServiceItem
from core import personal_data
from core.searching import holds, in_any_brackets, searched
from core.text import normalize_text, search_text
from issues.models import Issue, IssueEvent, Slip

# A running number, alone or behind the year or the code of its campaign: 37, 2022-37, qh2022-37.
_NUMBER = re.compile(r"(?P<head>\S*-)?0*(?P<running>[0-9]{1,5})")
# A bracket or 号: something that may be the number of a paper.
_PAPER = re.compile("[()号]")
# The whole number of a letter: 县营商函(2022)7号. Less of it would tell what else stands in the words of a step.
_LETTER = re.compile(r"[^0-9]*\(\d{4}\)第?\d{1,5}号")
_BRACKETS_OF_PAPERS = str.maketrans("()", "〔〕")


def index_text(issue: Issue, number: str | None = None, responsible: str = "", person: str = "") -> str:
    """What the search box looks through for this issue; its words last, because a long text is cut off."""
    return index_words(
        (number or issue.number or "", issue.original_number, issue.source_number),
        issue.item,
        issue.discovering_department,
        responsible or (issue.responsible_department.name if issue.responsible_department else ""),
        person or issue.responsible_name,
        issue.description,
    )


def index_words(
    numbers: Iterable[str], item: ServiceItem | None, finder: Department, unit: str, person: str, description: str
) -> str:
    """The same of an issue that is told by its parts."""
    # Else the digits of a masked number could be found out by searching, one after the other.
    words = personal_data.mask(description)
    return search_text(*numbers, item.name if item else "", finder.name, unit, person, words)


def found_by(text: str) -> Q:
    """Issues in which every word of the text occurs; no word leads beyond the rows it is put to.

    Width, case, kind of bracket and dash make no difference, and pinyin initials stand for what they begin
    (``core.text.normalize_text``, ``core.text.search_text``). A number of up to five digits is looked for as a number:
    leading zeros make no difference, and 37 finds neither 137 nor 370. Adds no query.
    """
    wanted = Q()
    for word in normalize_text(searched(text)).split():
        wanted &= _said(word) | _paper(word) | _renamed(word)
    return wanted


def _said(word: str) -> Q:
    number = _NUMBER.fullmatch(word)
    if number is None:
        return holds("search_text", word)
    head, running = number["head"] or "", number["running"]
    before = re.escape(head) if head else "(^|[^0-9])"
    # The plain condition stands first: it leaves few rows for the expression.
    few = Q(search_text__contains=head) & Q(search_text__contains=running)
    return few & Q(search_text__regex=f"{before}0*{running}([^0-9]|$)")


def _renamed(word: str) -> Q:
    """Issues of a unit that had, or has, a name with the word: what is struck off keeps the name it was found by."""
    if not word.isalpha():
        return Q(pk__in=())
    return ever_named(word, "responsible_department") | ever_named(word, "discovering_department")


def _paper(word: str) -> Q:
    """Issues with a 督办单 whose number holds the word: 督办〔2022〕3号, as the issue's own page names it; and those
    that went to a higher body with a letter of that number (转送文号)."""
    if not _PAPER.search(word):
        return Q(pk__in=())
    slips = Slip.objects.filter(number__contains=word.translate(_BRACKETS_OF_PAPERS))
    found = Q(pk__in=slips.values("issue_id"))
    if _LETTER.fullmatch(word):
        letters = IssueEvent.objects.filter(kind="refer", note__iregex=in_any_brackets(word))
        found |= Q(pk__in=letters.values("issue_id"))
    return found
