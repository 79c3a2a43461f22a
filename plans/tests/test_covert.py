"""Plans where every walk is covert (M18): neither day nor companion is asked for, and no row leads to a walk."""

from datetime import date, datetime

import pytest

from core.exceptions import Refused
from plans.domain import lifecycle, walks
from plans.domain.queries import rows_of
from plans.domain.rows import RowDraft
from plans.models import PlanRow
from plans.tests.planning import build_planning
from tests.cast import TZ
from walks.domain import opening
from walks.models import Walk

NOW = datetime(2018, 7, 4, 9, 0, tzinfo=TZ)
pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]


@pytest.fixture
def cast():
    return build_planning("mudanjiang-2018", date(2018, 7, 3), date(2018, 7, 15))


def draft(cast, **changes):
    plan = lifecycle.open_plan(actor=cast.liaison, campaign=cast.planned, department_id=cast.unit.pk, period="all")
    row = RowDraft(item_id=cast.item.pk, mode="in_person", walker_id=cast.principal.pk, **changes)
    lifecycle.save_rows(plan=plan, actor=cast.liaison, version=plan.version, rows=[row])
    return plan


def test_a_plan_without_days_is_complete(cast):
    plan = draft(cast)
    lifecycle.perform(plan=plan, action="submit", actor=cast.liaison)
    assert plan.state == "submitted"


def test_a_day_and_a_companion_are_refused(cast):
    plan = draft(cast, planned_on=date(2018, 7, 9), companions={"other": 1})
    with pytest.raises(Refused) as refused:
        lifecycle.perform(plan=plan, action="submit", actor=cast.liaison)
    assert "暗访不在计划里写日期" in refused.value.message
    assert "暗访不安排陪同人员" in refused.value.message


def test_the_pages_say_so_and_ask_for_neither(client, cast):
    plan = draft(cast)
    client.force_login(cast.liaison)
    grid = client.get(f"/plans/{plan.pk}/edit/")
    assert not {"planned_on", "companions_other"} & set(grid.context["form"].blank.fields)
    for path in ("", "edit/"):
        assert "计划里不写体验日期，也不安排陪同人员" in client.get(f"/plans/{plan.pk}/{path}").text


def test_no_row_leads_to_a_covert_walk(client, cast):
    plan = draft(cast)
    lifecycle.perform(plan=plan, action="submit", actor=cast.liaison)
    lifecycle.perform(plan=plan, action="file", actor=cast.office)
    row = rows_of(plan).select_related("plan__campaign", "plan__rules").get()
    with pytest.raises(Refused, match="一律暗访"):
        walks.start_row(row=row, actor=cast.principal)
    assert not Walk.objects.exists()
    client.force_login(cast.principal)
    assert "按计划开始体验" not in client.get(f"/plans/{plan.pk}/").text


def test_a_covert_walk_of_a_planned_item_leaves_the_plan_as_it_was(client, cast):
    plan = draft(cast)
    lifecycle.perform(plan=plan, action="submit", actor=cast.liaison)
    lifecycle.perform(plan=plan, action="file", actor=cast.office)
    client.force_login(cast.liaison)
    before = client.get(f"/plans/{plan.pk}/").context["rows"]
    walk = opening.start(
        opening.WalkDraft(campaign=cast.planned, department_id=cast.unit.pk, item=cast.item, mode="in_person"),
        actor=cast.principal,
    )
    assert walk.is_covert
    assert walks.unplanned_warning(walk) == ""
    assert not PlanRow.objects.filter(walk__isnull=False).exists()
    assert client.get(f"/plans/{plan.pk}/").context["rows"] == before
