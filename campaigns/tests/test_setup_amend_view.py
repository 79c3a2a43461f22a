"""An amendment before it is issued: the page shows the dates that issuing it leaves behind."""

from datetime import date, timedelta

import pytest
import time_machine

from campaigns.domain.deadlines import outcome
from campaigns.domain.lifecycle import amend, edit_rules, issue, token_of
from campaigns.domain.rulebook.due_rule import Due
from campaigns.domain.setup import working_version
from campaigns.enums import DueWay
from campaigns.models import Deadline, RuleVersion
from campaigns.tests.setup_page import TODAY, press
from core.exceptions import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.clock(TODAY)]
QH = "/campaigns/QH2022/"
BY_WORKDAYS = {"due": Due(DueWay.NEXT_WORKDAYS, n=3), "summary_due": Due()}


def amended(cast, effective_on=date(2022, 9, 1), **values):
    """An amendment of the cast's campaign being drafted."""
    amend(campaign=cast.campaign, effective_on=effective_on, reason="改", actor=cast.office, today=TODAY.date())
    seen = token_of(working_version(cast.campaign)[1], "reporting")
    values = values or {"due": Due(DueWay.MONTH_DAY, n=24), "summary_due": Due(DueWay.MONTH_DAY, n=26)}
    edit_rules(campaign=cast.campaign, group="reporting", values=values, actor=cast.office, seen=seen)


def stored(campaign) -> list[tuple]:
    rows = Deadline.objects.filter(campaign=campaign).order_by("due_on")
    return sorted(rows.values_list("kind", "period", "due_on"))


@pytest.mark.parametrize("effective_on", [date(2022, 6, 8), date(2022, 9, 1), date(2023, 12, 31)])
@pytest.mark.parametrize("values", [{}, BY_WORKDAYS])
def test_what_the_page_shows_is_what_issuing_leaves_behind(cast, effective_on, values):
    amended(cast, effective_on, **values)
    expected = outcome(campaign=cast.campaign, today=TODAY.date())
    issue(campaign=cast.campaign, actor=cast.office, now=TODAY)
    assert sorted((one.kind, one.period.code, one.due_on) for one in expected) == stored(cast.campaign)


def test_dates_before_its_day_stay_by_the_old_rules_and_later_ones_follow_the_new(client, cast):
    amended(cast)
    client.force_login(cast.office)
    shown = {(line.kind, line.code): str(line.due_on) for line in client.get(f"{QH}preview/").context["lines"]}
    assert [shown["report", f"2022-{month}"] for month in ("06", "08", "09", "10")] == [
        "2022-06-20", "2022-08-20", "2022-09-24", "2022-10-24",
    ]  # fmt: skip
    first = client.get(f"{QH}issue/").context["lines"][0]
    assert (first.kind, str(first.due_on)) == ("report", "2022-06-20")


def test_the_hint_on_an_amendment_does_not_advise_another_last_day(client, cast):
    amended(cast)
    client.force_login(cast.office)
    page = client.get(f"{QH}issue/").text
    assert "请另行约定报送（活动已经印发，结束日期不能再改）" in page
    assert "在印发前把结束日期改为" not in page


def test_dates_that_have_passed_are_shown_as_they_were(client, cast):
    amended(cast, date(2022, 12, 1))
    with time_machine.travel(TODAY + timedelta(days=60), tick=False):
        client.force_login(cast.office)
        shown = [line for line in client.get(f"{QH}preview/?all=1").context["lines"] if line.kind == "report"]
    assert [str(line.due_on) for line in shown[:2]] == ["2022-06-20", "2022-07-20"]


def test_a_day_after_the_campaign_is_refused_at_its_field(client, cast):
    client.force_login(cast.office)
    late = str(cast.campaign.ends_on + timedelta(days=1))
    answer = press(client, f"{QH}amend/", effective_on=late, reason="改")
    assert answer.status_code == 400
    assert f"生效日期 {late} 晚于活动结束日期" in answer.text
    assert RuleVersion.objects.filter(campaign=cast.campaign).count() == 1


def test_an_amendment_left_lying_until_the_campaign_is_over_is_not_issued(cast):
    amended(cast)
    with pytest.raises(Refused, match="晚于活动结束日期"):
        issue(campaign=cast.campaign, actor=cast.office, now=TODAY.replace(year=cast.campaign.ends_on.year + 1))
    assert working_version(cast.campaign)[0].issued_at is None


@pytest.mark.parametrize(
    ("group", "values"), [("reporting", {"cutoff_day": 25}), ("reporting", {"rhythm": "weekly", "cutoff_day": None}),
                          ("cadence", {"rhythm": "quarterly"})],
)  # fmt: skip
def test_an_amendment_cuts_no_period_anew(cast, group, values):
    amend(campaign=cast.campaign, effective_on=date(2022, 9, 1), reason="改", actor=cast.office, today=TODAY.date())
    seen = token_of(working_version(cast.campaign)[1], group)
    with pytest.raises(Refused, match="印发后不能调整"):
        edit_rules(campaign=cast.campaign, group=group, values=values, actor=cast.office, seen=seen)
