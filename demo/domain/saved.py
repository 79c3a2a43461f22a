"""What people of the demonstration keep of the ledger's list."""

from datetime import time
from functools import partial

from accounts.scope import scope_of
from demo.domain.material import Dates
from demo.domain.scenario import Cast
from issues.domain import saved
from issues.enums import Audience, SavedKind

DAY, AT = "-1", time(17, 50)
LATE, OWN, WEEKLY = "逾期未销号", "材料问题", "周报"
LATE_WORDS = ("状态：未销号（全部）", "逾期：已逾期")
WEEKLY_COLUMNS = ("unit", "person", "due_on", "doing", "state")


def seed_saved(cast: Cast, dates: Dates) -> None:
    """统筹办 shares a filter with the county and has one of its own and a set of columns."""
    office = cast.by_username["tongchou"]
    keep = partial(saved.save, user=office, now=dates.moment(DAY, AT))
    unit = min(scope_of(office).offices)
    keep(
        kind=SavedKind.FILTER,
        name=LATE,
        query="state=open&overdue=1",
        words=LATE_WORDS,
        audience=Audience.OFFICE,
        department=unit,
    )
    keep(kind=SavedKind.FILTER, name=OWN, query="q=%E6%9D%90%E6%96%99")
    keep(kind=SavedKind.COLUMNS, name=WEEKLY, columns=WEEKLY_COLUMNS)
