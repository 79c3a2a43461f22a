"""In which state an issue of a ledger is, and which of its columns contradict each other. Pure.

是否销号 是 → closed; with 回头看 passed → verified; measures, person and date → rectifying; a unit only → planning;
none → registered.
"""

from dataclasses import dataclass
from datetime import date

from issues.domain.due_dates import LONGEST_DAYS, longest
from issues.enums import IssueState
from ledgers.domain.words import FAILED, PASSED


@dataclass(frozen=True)
class RowProgress:
    """What the columns of one row say of how far it is."""

    found_on: date
    today: date
    has_unit: bool = False
    has_person: bool = False
    has_measures: bool = False
    due_on: date | None = None
    done_on: date | None = None
    is_struck_off: bool = False
    look_back: str = ""

    def days(self) -> dict[str, str]:
        """The days the row tells, as the event of the import keeps them."""
        days = {"found_on": self.found_on, "due_on": self.due_on, "done_on": self.done_on}
        return {name: str(day) for name, day in days.items() if day}


def state_of(said: RowProgress) -> IssueState:
    """The state; of columns that do not contradict each other."""
    if said.is_struck_off:
        return IssueState.VERIFIED if said.look_back == PASSED else IssueState.CLOSED
    if said.look_back == FAILED:
        return IssueState.RECTIFYING
    if not said.has_unit:
        return IssueState.REGISTERED
    is_planned = said.has_measures and said.has_person and said.due_on is not None
    return IssueState.RECTIFYING if is_planned else IssueState.PLANNING


def contradictions(said: RowProgress) -> list[tuple[str, str]]:
    """(column, what is wrong with it), in the order of the columns."""
    due, done, found = said.due_on, said.done_on, said.found_on
    worked_on = said.is_struck_off or said.look_back == FAILED
    wrong = (
        (found > said.today, "发现日期", "晚于今天"),
        (worked_on and not said.has_unit, "责任单位", "已销号或回头看过的问题应写明责任单位"),
        (due is not None and due < found, "整改时限", f"早于发现日期 {found}"),
        (
            due is not None and due > longest(said.today),
            "整改时限",
            f"不能晚于 {longest(said.today)}（{LONGEST_DAYS} 天以内）",
        ),
        (done is not None and done < found, "完成日期", f"早于发现日期 {found}"),
        (done is not None and done > said.today, "完成日期", "晚于今天"),
        (said.is_struck_off and done is None, "完成日期", "已销号的应填写完成日期"),
        (said.look_back == PASSED and not said.is_struck_off, "回头看情况", "回头看通过的应为已销号，与“是否销号”不符"),
        (said.look_back == FAILED and said.is_struck_off, "是否销号", "回头看未通过的应重新整改，不应为已销号"),
    )
    return [(column, words) for is_wrong, column, words in wrong if is_wrong]
