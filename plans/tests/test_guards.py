"""What a plan must say before it is handed in: each missing part named, W23's bundles covered."""

from datetime import date

import pytest

from campaigns.models import RuleVersion
from catalogue.models import ServiceItem
from core.exceptions import Refused
from core.idempotency import new_key
from plans.domain import guards, lifecycle
from plans.models import Plan
from plans.tests.planning import FIRST_DAY, build_planning, draft_plan, row

pytestmark = [pytest.mark.django_db, pytest.mark.clock(FIRST_DAY)]


@pytest.fixture
def cast():
    return build_planning()


def refusal(cast, **changes) -> str:
    """What is said of a plan whose first row is changed in this way; "" when it is taken."""
    plan = draft_plan(cast, [row(cast, **changes), row(cast, cast.bundles[1])])
    try:
        lifecycle.perform(plan=plan, action="submit", actor=cast.liaison)
    except Refused as error:
        plan.refresh_from_db()
        assert plan.state == "draft"
        return error.message
    return ""


def test_a_complete_plan_is_taken(cast):
    assert refusal(cast) == ""


@pytest.mark.parametrize("day", [date(2023, 3, 14), date(2023, 4, 15)])
def test_the_first_and_the_last_day_of_the_window_are_in_it(cast, day):
    assert refusal(cast, planned_on=day) == ""


@pytest.mark.parametrize("day", [date(2023, 3, 13), date(2023, 4, 16)])
def test_a_day_outside_the_window_is_refused(cast, day):
    assert "第 1 行：计划时间须在 2023-03-14 至 2023-04-15 之间" in refusal(cast, planned_on=day)


def test_a_row_without_a_day_is_refused(cast):
    assert "第 1 行：请填写计划时间" in refusal(cast, planned_on=None)


@pytest.mark.parametrize(
    ("companions", "words"),
    [
        ({"business": 1, "technical": 1}, ""),
        ({}, ""),
        ({"business": 2}, "政务服务业务人员最多 1 人（现填 2 人）"),
        ({"business": 1, "technical": 2}, "本活动陪同人员最多 2 人（现填 3 人）"),
        ({"other": 1}, "其他陪同人员最多 0 人（现填 1 人）"),
    ],
)
def test_companions_are_one_of_each_kind_at_most(cast, companions, words):
    assert words in refusal(cast, companions=companions)
    assert bool(words) == bool(guards.faults_of(Plan.objects.get()))


def test_a_deputy_walks_for_a_reason_the_notice_knows(cast):
    assert "请选择委托理由：事项较多、时间跨度较大" in refusal(cast, walker_id=cast.deputy.pk)


@pytest.mark.parametrize("reason", ["many_items", "long_span"])
def test_with_a_reason_the_deputy_walks(cast, reason):
    assert refusal(cast, walker_id=cast.deputy.pk, delegation_reason=reason) == ""


def test_an_item_to_be_walked_in_person_refuses_the_deputy_and_quotes_the_clause(cast):
    ServiceItem.objects.filter(pk=cast.bundles[0].pk).update(must_walk_in_person=True, in_person_reason="strong_public")
    version = RuleVersion.objects.get(campaign=cast.planned)
    cites = version.data["cites"] | {"walking.in_person": "一1 一把手必须亲身体验"}
    # An issued version never changes; the plan of this test stands under one that quotes the clause.
    quoting = RuleVersion.objects.create(
        campaign=cast.planned, number=2, data=version.data | {"cites": cites}, effective_on=version.effective_on
    )
    plan = draft_plan(
        cast, [row(cast, walker_id=cast.deputy.pk, delegation_reason="many_items"), row(cast, cast.bundles[1])]
    )
    plan.rules = quoting
    assert [str(fault) for fault in guards.faults_of(plan)] == [
        "第 1 行：“新生儿出生一件事”（群众反映强烈）须由主要负责同志本人体验，不得委托。"
        "通知规定：一1 一把手必须亲身体验。"
    ]


def test_somebody_who_does_not_lead_the_unit_cannot_walk(cast):
    assert "体验人须是本单位主要负责同志或分管负责同志" in refusal(cast, walker_id=cast.liaison.pk)


def test_a_walker_who_left_after_the_plan_was_written_is_named_on_submit(cast):
    plan = draft_plan(cast)
    cast.principal.memberships.all().delete()
    with pytest.raises(Refused, match="第 2 行：体验人须是本单位"):
        lifecycle.perform(plan=plan, action="submit", actor=cast.liaison)


def test_an_item_no_longer_in_use_is_named(cast):
    plan = draft_plan(cast)
    ServiceItem.objects.filter(pk=cast.bundles[1].pk).update(is_active=False)
    with pytest.raises(Refused, match="“公民婚育一件事”已停用"):
        lifecycle.perform(plan=plan, action="submit", actor=cast.liaison)


def test_a_form_of_walk_the_notice_does_not_know_is_refused(cast):
    assert "本活动的体验形式为：亲身办、帮代办、陪同办、线上办" in refusal(cast, mode="by_drone")


def test_every_bundle_of_the_unit_must_stand_in_the_plan(cast):
    plan = draft_plan(cast, [row(cast)])
    with pytest.raises(Refused) as refused:
        lifecycle.perform(plan=plan, action="submit", actor=cast.liaison)
    assert "还有 1 项应体验的事项没有列入计划：公民婚育一件事" in refused.value.message
    assert "针对各部门牵头的13项重点一件事逐项体验" in refused.value.message
    assert "结婚登记" not in refused.value.message


def test_an_empty_plan_names_itself_and_what_it_should_cover(cast):
    plan = draft_plan(cast, [])
    with pytest.raises(Refused) as refused:
        lifecycle.perform(plan=plan, action="submit", actor=cast.liaison)
    assert "请至少填写一行" in refused.value.message
    assert "新生儿出生一件事、公民婚育一件事" in refused.value.message


def test_thirteen_bundles_of_which_one_is_missing_name_the_one(cast):
    names = [f"第{number}件事" for number in range(1, 12)]
    more = [ServiceItem.objects.create(department=cast.unit, name=name, kind="bundle", order=9) for name in names]
    plan = draft_plan(cast, [row(cast, item) for item in [*cast.bundles, *more[:-1]]])
    faults = guards.faults_of(plan)
    assert [fault.field for fault in faults] == ["coverage"]
    assert "还有 1 项应体验的事项没有列入计划：第11件事" in faults[0].message


def test_every_missing_part_is_named_at_once(client, cast):
    plan = draft_plan(cast, [row(cast, planned_on=None, walker_id=cast.deputy.pk)])
    client.force_login(cast.liaison)
    data = {"version": plan.version, "idempotency_key": new_key()}
    answer = client.post(f"/plans/{plan.pk}/act/submit/", data)
    assert answer.status_code == 400
    for words in ("请填写计划时间", "请选择委托理由", "公民婚育一件事"):
        assert words in answer.text
