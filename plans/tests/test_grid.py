"""Writing a plan in the grid: saved as a whole, wrong cells told at their place, nothing typed lost."""

from datetime import date

import pytest

from core.idempotency import new_key
from plans.domain import lifecycle
from plans.domain.queries import rows_of
from plans.models import Plan
from plans.tests.planning import FIRST_DAY, build_planning, draft_plan, plan_in, row

pytestmark = [pytest.mark.django_db, pytest.mark.clock(FIRST_DAY)]


@pytest.fixture
def cast():
    return build_planning()


def line(cast, number, **changes):
    values = {
        "item": cast.bundles[0].name,
        "mode": "in_person",
        "walker": cast.principal.pk,
        "planned_on": "2023-03-28",
        "place": "县政务大厅",
        "companions_business": "1",
    }
    return {f"r{number}-{name}": value for name, value in (values | changes).items()}


def body(plan, *lines, **changes):
    order = [next(iter(one)).split("-")[0][1:] for one in lines]
    merged = {name: value for one in lines for name, value in one.items()}
    return {"version": plan.version, "row": order, "idempotency_key": new_key(), **merged, **changes}


def saved(plan):
    return list(rows_of(plan).values_list("item__name", "place", "planned_on", "companions"))


def test_a_unit_begins_its_plan_from_what_it_owes(client, cast):
    client.force_login(cast.liaison)
    answer = client.get("/plans/")
    assert "应于2023年3月17日前（含当日）报送" in answer.text
    duty = answer.context["duties"][0][0]
    data = {"place": duty.value, "idempotency_key": new_key()}
    first, again = client.post("/plans/start/", data), client.post("/plans/start/", data)
    plan = Plan.objects.get()
    assert first.url == again.url == f"/plans/{plan.pk}/edit/"
    assert (plan.department, plan.period, plan.due_on) == (cast.unit, "all", date(2023, 3, 17))
    assert [duty for duty, _ in client.get("/plans/").context["duties"] if duty.is_owed] == []


def test_rows_are_stored_in_the_order_in_which_they_stand(client, cast):
    plan = draft_plan(cast, [])
    client.force_login(cast.liaison)
    lines = [line(cast, 7, place="甲"), line(cast, 2, place="乙", item=cast.bundles[1].name), line(cast, 5, place="丙")]
    answer = client.post(f"/plans/{plan.pk}/edit/", body(plan, *lines))
    assert answer.url == f"/plans/{plan.pk}/"
    assert [place for _, place, _, _ in saved(plan)] == ["甲", "乙", "丙"]
    assert saved(plan)[0][2:] == (date(2023, 3, 28), {"business": 1})


def test_a_stored_row_is_shown_as_it_stands_and_a_wrong_day_as_it_was_typed(client, cast):
    plan = draft_plan(cast)
    client.force_login(cast.liaison)
    assert 'value="2023-03-28"' in client.get(f"/plans/{plan.pk}/edit/").text
    answer = client.post(f"/plans/{plan.pk}/edit/", body(plan, line(cast, 0, planned_on="三月底")))
    assert 'value="三月底"' in answer.text
    assert answer.context["form"].rows[0].fields["planned_on"].widget.attrs["type"] == "text"


def test_blank_rows_are_left_out(client, cast):
    plan = draft_plan(cast, [])
    client.force_login(cast.liaison)
    blank = {f"r1-{name}": "" for name in ("item", "planned_on", "place")} | {"r1-walker": cast.principal.pk}
    assert client.post(f"/plans/{plan.pk}/edit/", body(plan, line(cast, 0), blank)).status_code == 302
    assert len(saved(plan)) == 1


def test_wrong_cells_are_all_told_at_their_place_and_nothing_is_stored_or_lost(client, cast):
    plan = draft_plan(cast)
    before = saved(plan)
    client.force_login(cast.liaison)
    lines = [
        line(cast, 0, item="新生儿一件事", questions="证照能否复用"),
        line(cast, 1, planned_on="三月底", walker=""),
        line(cast, 2, companions_business="-1"),
    ]
    answer = client.post(f"/plans/{plan.pk}/edit/", body(plan, *lines))
    assert answer.status_code == 400
    told = [(error["row"], error["label"]) for error in answer.context["form"].cell_errors]
    assert sorted(told) == sorted([(1, "体验事项"), (2, "体验人"), (2, "计划时间"), (3, "政务服务业务人员")])
    assert "没有这个事项。相近的有：新生儿出生一件事" in answer.text
    assert "证照能否复用" in answer.text
    assert "三月底" in answer.text
    assert saved(plan) == before


PHONE = "138 1234-5678"


def test_a_number_typed_into_a_cell_is_pointed_out_once_with_everything_kept(client, cast):
    plan = draft_plan(cast, [])
    client.force_login(cast.liaison)
    lines = [line(cast, 0), line(cast, 1, item=cast.bundles[1].name, questions=f"群众（{PHONE}）反映")]
    answer = client.post(f"/plans/{plan.pk}/edit/", body(plan, *lines))
    assert (answer.status_code, saved(plan)) == (400, [])
    assert "第 2 行“拟关注问题”：手机号 138 ****-5678" in answer.text
    assert [(one["row"], one["label"]) for one in answer.context["form"].cell_errors] == [(2, "拟关注问题")]
    assert f"群众（{PHONE}）反映" in answer.text
    assert client.post(f"/plans/{plan.pk}/edit/", body(plan, *lines, personal_data="mask")).status_code == 302
    assert rows_of(plan)[1].questions == "群众（138 ****-5678）反映"


def test_a_number_that_a_row_held_before_is_not_asked_about_again(client, cast):
    plan = draft_plan(cast, [])
    client.force_login(cast.liaison)
    url, held = f"/plans/{plan.pk}/edit/", line(cast, 0, remark=f"联系人 {PHONE}")
    assert client.post(url, body(plan, held, personal_data="keep")).status_code == 302
    plan.refresh_from_db()
    [stored] = rows_of(plan)
    assert stored.remark == f"联系人 {PHONE}"
    assert client.post(url, body(plan, held | {"r0-pk": stored.pk, "r0-place": "二号窗口"})).status_code == 302
    assert rows_of(plan)[0].place == "二号窗口"


def test_a_name_like_no_item_is_answered_with_the_items_of_the_unit(client, cast):
    plan = draft_plan(cast, [])
    client.force_login(cast.liaison)
    answer = client.post(f"/plans/{plan.pk}/edit/", body(plan, line(cast, 0, item="ＺＺＺ")))
    assert "没有这个事项。本单位的事项有：" in answer.text
    assert "结婚登记" in answer.text.split("本单位的事项有：")[1].split("<")[0]


def test_a_row_the_rules_forbid_is_kept_and_named_until_it_is_mended(client, cast):
    plan = draft_plan(cast, [])
    client.force_login(cast.liaison)
    lines = [line(cast, 0, walker=cast.deputy.pk, companions_business="2"), line(cast, 1, planned_on="")]
    client.post(f"/plans/{plan.pk}/edit/", body(plan, *lines))
    text = client.get(f"/plans/{plan.pk}/").text
    assert "第 1 行：由分管负责同志体验的，请选择委托理由：事项较多、时间跨度较大。" in text
    assert "第 1 行：政务服务业务人员最多 1 人（现填 2 人）。" in text
    assert "第 2 行：请填写计划时间" in text
    assert "还有 1 项应体验的事项没有列入计划：公民婚育一件事" in text
    first, second, _ = client.get(f"/plans/{plan.pk}/edit/").context["form"].rows
    assert set(first.notes) == {"delegation_reason", "companions_business"}
    assert second.notes == {"planned_on": ["请填写计划时间"]}


def test_saving_over_somebody_elses_save_is_refused_and_the_text_is_kept(client, cast):
    plan = draft_plan(cast)
    stale = body(plan, line(cast, 0, place="我填的地点"))
    lifecycle.save_rows(plan=plan, actor=cast.deputy, version=plan.version, rows=[row(cast)])
    client.force_login(cast.liaison)
    answer = client.post(f"/plans/{plan.pk}/edit/", stale)
    assert answer.status_code == 409
    assert "已由测试deputy于 2023-03-14 09:00 修改" in answer.text
    assert "我填的地点" in answer.text
    assert saved(plan)[0][1] == "县政务大厅"
    shown = answer.context["form"].data
    again = client.post(f"/plans/{plan.pk}/edit/", {**stale, "version": shown["version"], "idempotency_key": new_key()})
    assert again.status_code == 302
    assert saved(plan)[0][1] == "我填的地点"


def test_a_double_save_counts_once(client, cast):
    plan = draft_plan(cast, [])
    client.force_login(cast.liaison)
    data = body(plan, line(cast, 0))
    first, second = (client.post(f"/plans/{plan.pk}/edit/", data) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    plan.refresh_from_db()
    assert (len(saved(plan)), plan.version) == (1, 3)


@pytest.mark.parametrize(
    ("op", "places"),
    [
        ("add", ["甲", "乙", None]),
        ("drop-0", ["乙"]),
        ("copy-0", ["甲", "甲", "乙"]),
        ("up-1", ["乙", "甲"]),
        ("down-0", ["乙", "甲"]),
        ("up-0", ["甲", "乙"]),
        ("drop-99", ["甲", "乙"]),
    ],
)
def test_without_script_a_button_rearranges_what_was_typed_and_stores_nothing(client, cast, op, places):
    plan = draft_plan(cast, [])
    client.force_login(cast.liaison)
    data = body(plan, line(cast, 0, place="甲"), line(cast, 1, place="乙"), op=op)
    answer = client.post(f"/plans/{plan.pk}/edit/", data)
    assert answer.status_code == 200
    assert [form["place"].value() for form in answer.context["form"].rows] == places
    assert saved(plan) == []


def test_a_row_keeps_its_identity_and_loses_its_notice_only_with_its_day(client, cast):
    plan = plan_in(cast, "filed")
    first, second = rows_of(plan)
    rows_of(plan).update(noticed_at=FIRST_DAY)
    plan = lifecycle.perform(plan=plan, action="adjust", actor=cast.liaison, note="改期")
    first, second = rows_of(plan)
    client.force_login(cast.liaison)
    lines = [
        line(cast, 0, pk=first.pk, remark="改了备注"),
        line(cast, 1, pk=second.pk, item=cast.bundles[1].name, planned_on="2023-04-03"),
    ]
    assert client.post(f"/plans/{plan.pk}/edit/", body(plan, *lines)).status_code == 302
    noticed = dict(rows_of(plan).values_list("pk", "noticed_at"))
    assert noticed == {first.pk: FIRST_DAY, second.pk: None}


def test_an_item_of_another_unit_is_found_by_name(client, cast):
    plan = draft_plan(cast, [])
    other = cast.item.__class__.objects.create(department=cast.second_unit, name="居民身份证申领")
    client.force_login(cast.liaison)
    client.post(f"/plans/{plan.pk}/edit/", body(plan, line(cast, 0, item="居民身份证申领")))
    assert rows_of(plan).get().item == other
    assert "居民身份证申领（县公安局）" in client.get(f"/plans/{plan.pk}/edit/").text


def test_the_reason_of_a_delegation_falls_away_when_the_principal_walks_after_all(client, cast):
    plan = draft_plan(cast, [row(cast, walker_id=cast.deputy.pk, delegation_reason="many_items")])
    stored = rows_of(plan).get()
    assert stored.delegation_reason == "many_items"
    client.force_login(cast.liaison)
    data = body(plan, line(cast, 0, pk=stored.pk, walker=cast.principal.pk, delegation_reason="many_items"))
    assert client.post(f"/plans/{plan.pk}/edit/", data).status_code == 302
    stored.refresh_from_db()
    assert (stored.walker, stored.delegation_reason) == (cast.principal, "")
    assert "委托：" not in client.get(f"/plans/{plan.pk}/").text


def test_a_row_of_another_plan_cannot_be_taken_over(client, cast):
    mine = draft_plan(cast, [])
    theirs = lifecycle.open_plan(
        actor=cast.second_liaison, campaign=cast.planned, department_id=cast.second_unit.pk, period="all"
    )
    lifecycle.save_rows(plan=theirs, actor=cast.second_liaison, version=1, rows=[row(cast, place="别的单位")])
    stolen = rows_of(theirs).get()
    client.force_login(cast.liaison)
    client.post(f"/plans/{mine.pk}/edit/", body(mine, line(cast, 0, pk=stolen.pk)))
    stolen.refresh_from_db()
    assert (stolen.plan, stolen.place) == (theirs, "别的单位")
    assert rows_of(mine).get().pk != stolen.pk


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("", 14), ("edit/", 11)])
def test_pages_of_a_plan_cost_the_same_for_one_row_and_three(
    client, cast, rows, path, queries, django_assert_num_queries
):
    plan = draft_plan(cast, [row(cast) for _ in range(rows)])
    client.force_login(cast.liaison)
    client.get(f"/plans/{plan.pk}/{path}")
    with django_assert_num_queries(queries):
        client.get(f"/plans/{plan.pk}/{path}")
