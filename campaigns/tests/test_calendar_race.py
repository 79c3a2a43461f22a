"""Two people who edit the calendar at the same moment: one edit is kept, the other person is told."""

from datetime import date

import pytest

from accounts.enums import AccountKind
from accounts.models import User
from campaigns.domain.work_calendar import set_day, token_of_edits
from core.exceptions import StaleVersion
from core.models import CalendarDay
from tests.race import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.mark.parametrize("days", [(3, 3), (3, 4)], ids=["one day", "two days"])
def test_the_first_two_edits_at_once_are_one_edit_and_one_message(days):
    actors = [User.objects.create(username=f"guanli{n}", name="测试", kind=AccountKind.SYSADMIN) for n in (1, 2)]
    seen = token_of_edits()

    def press(actor, day):
        works = {"is_workday": False, "name": "防汛停工", "source": f"县政府办通知{actor.pk}"}
        return lambda: set_day(day=date(2030, 5, day), **works, actor=actor, seen=seen)

    ends = at_once(*map(press, actors, days))
    [told] = [end for end in ends if end is not None]
    assert isinstance(told, StaleVersion), repr(told)
    assert CalendarDay.objects.count() == 1
