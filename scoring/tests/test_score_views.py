"""The pages of scores: who sees whose, what each step shows, and nothing at all while scoring is off."""

from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse

from campaigns.domain.rulebook.rubric import points
from campaigns.tests.setup_page import fields_of
from core.idempotency import new_key
from core.models import AuditEntry
from reports.tests.submitting import on, sent
from scoring.domain.freeze import freeze
from scoring.domain.scores import scores_of, units_seen_now
from scoring.domain.settled import units_seen_in
from scoring.models import ScoreNote, ScoreObjection, ScoreSheet
from scoring.tests.scored import JULY, asked_in_june, june, switch_on
from tests.cast import TZ, reported_walk

pytestmark = pytest.mark.clock(datetime(2022, 6, 8, 12, 0, tzinfo=TZ))
POINT = "按时限完成整改"


def url(name: str, *rest) -> str:
    return reverse(name, args=["QH2022", "2022-06", *rest])


def names(answer) -> list[str]:
    return [row["unit"].name for row in answer.context["rows"]]


def book_of(client) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(b"".join(client.get(url("score_f13")).streaming_content)))


def send(client, address, **data):
    form = client.get(address).context["form"]
    hidden = {bound.name: bound.value() for bound in form.hidden_fields()}
    return client.post(address, hidden | data)


def test_while_scoring_is_off_no_page_and_no_link_shows_it(world, sign_in):
    for persona in ("office", "supervisor", "liaison"):
        client = sign_in(persona)
        assert client.get(url("scores")).status_code == 404
        assert client.get(url("score_f13")).status_code == 404
        assert "考核评分" not in client.get(reverse("campaign", args=["QH2022"])).text
        assert "评分" not in client.get(url("report")).text


@pytest.mark.clock(datetime(2022, 8, 8, 12, 0, tzinfo=TZ))
def test_only_periods_with_a_rubric_are_offered_and_each_opens(world, sign_in):
    switch_on(world.cast)
    client = sign_in("office")
    offered = client.get(reverse("scores", args=["QH2022", "2022-08"])).context["periods"]
    assert [address for _, address, _ in offered] == [
        reverse("scores", args=["QH2022", code]) for code in ("2022-08", "all")
    ]
    assert {client.get(address).status_code for _, address, _ in offered} == {200}


def test_a_unit_reads_its_own_a_lead_its_units_the_office_all(scored, sign_in):
    cast = scored.cast
    everyone = [unit.name for unit in asked_in_june(cast.campaign, JULY.date()).units]
    for persona in ("office", "supervisor", "office_city"):
        assert names(sign_in(persona).get(url("scores"))) == everyone
    assert names(sign_in("liaison").get(url("scores"))) == [cast.unit.name]
    assert cast.unit.name in names(sign_in("lead").get(url("scores")))
    assert sign_in("liaison").get(url("score_sheet", cast.second_unit.pk)).status_code == 404
    assert sign_in("responsible").get(url("scores")).status_code == 404
    assert "/scores/" in sign_in("liaison").get(reverse("campaign", args=["QH2022"])).text
    assert "/scores/" not in sign_in("responsible").get(reverse("campaign", args=["QH2022"])).text


def test_a_sheet_shows_each_rule_and_opens_the_rows_it_counts(scored, sign_in):
    page = sign_in("liaison").get(url("score_sheet", scored.cast.unit.pk))
    overdue = scored.issues["overdue"].number
    [line] = [line for line in page.context["lines"] if line["point"].name == POINT]
    assert [one["url"] for one in line["records"]] == [reverse("issue", args=[overdue])]
    assert line["words"] in page.text
    assert f"{overdue}：整改时限 2022-06-18" in page.text


def test_a_pack_that_came_late_is_opened_from_the_sheet_by_whoever_sees_it(scored, sign_in):
    cast = scored.cast
    [one] = sent(cast, now=on(22))
    link = reverse("submission", args=[one.public_id])
    for persona in ("liaison", "lead", "office"):
        client = sign_in(persona)
        assert f'href="{link}"' in client.get(url("score_sheet", cast.unit.pk)).text
        assert client.get(link).status_code == 200


def test_a_lead_is_told_how_many_records_others_received(scored, sign_in):
    """The enforcement walk of the unit went to another receiver, so the number of its issue is not this lead's."""
    issue, unit = scored.issues["second"], scored.cast.second_unit
    assert issue.lead_department != scored.cast.lead_unit
    late = {"responsible_department": unit, "due_on": "2022-06-18", "first_due_on": "2022-06-18"}
    type(issue).objects.filter(pk=issue.pk).update(**late)
    assert issue.number in sign_in("office").get(url("score_sheet", unit.pk)).text
    page = sign_in("lead").get(url("score_sheet", unit.pk))
    assert issue.number not in page.text
    assert "另有 1 条由其他单位接收，不在您的查看范围" in page.text
    cells = [cell.value for row in book_of(sign_in("lead"))[unit.name] for cell in row]
    assert not any(issue.number in str(cell) for cell in cells)


def test_an_objection_goes_to_the_office_and_its_answer_comes_back(scored, sign_in):
    unit = scored.cast.unit.pk
    assert sign_in("office").get(url("score_object", unit)).status_code == 403
    answer = send(sign_in("liaison"), url("score_object", unit), point=POINT, text="已报上级")
    assert answer["Location"] == url("score_sheet", unit)
    made = ScoreObjection.objects.get()
    step = url("score_step", "objection", made.pk, "agree")
    assert sign_in("liaison").get(step).status_code == 403
    client = sign_in("office")
    assert "县民政局：申诉待答复" in client.get(url("scores")).text
    assert "不超过所扣的分值" in send(client, step, answer="属实", amount="90").text
    assert send(client, step, answer="属实", amount="5").status_code == 302
    assert "申诉加回 5" in sign_in("liaison").get(url("score_sheet", unit)).text
    assert sign_in("office").get(step).status_code == 409


def test_what_is_given_back_already_is_no_choice_even_where_the_settled_version_still_takes_it_off(scored, sign_in):
    freeze(
        campaign=scored.cast.campaign,
        period=june(scored.cast.campaign),
        actor=scored.cast.office,
        now=JULY,
    )
    unit = scored.cast.unit.pk
    send(sign_in("liaison"), url("score_object", unit), point=POINT, text="已报上级")
    step = url("score_step", "objection", ScoreObjection.objects.get().pk, "agree")
    left = sign_in("office").get(step).context["left"]
    assert send(sign_in("office"), step, answer="属实", amount=left).status_code == 302
    page = sign_in("liaison").get(url("score_object", unit))
    assert POINT not in dict(page.context["form"].fields["point"].choices)


def test_who_objects_after_the_scores_were_settled_meanwhile_is_told_and_keeps_the_text(scored, sign_in):
    unit, client = scored.cast.unit.pk, sign_in("liaison")
    version = client.get(url("score_object", unit)).context["form"]["version"].value()
    freeze(
        campaign=scored.cast.campaign,
        period=june(scored.cast.campaign),
        actor=scored.cast.office,
        now=JULY,
    )
    given = {"idempotency_key": new_key(), "version": version, "point": POINT, "text": "已报上级"}
    answer = client.post(url("score_object", unit), given)
    assert answer.status_code == 409
    assert "评分第 1 版已由测试office于 2022-07-05 10:00 确定，本次没有提交" in answer.text
    assert "已报上级" in answer.text
    assert not ScoreObjection.objects.exists()


def test_a_manual_point_is_noted_by_one_and_agreed_to_by_another(scored, sign_in):
    unit = scored.cast.unit.pk
    client = sign_in("office")
    given = {"point": "建立健全制度机制", "amount": "2.5", "text": "没有建立台账制度"}
    assert send(client, url("score_note", unit), **given).status_code == 302
    step = url("score_step", "note", ScoreNote.objects.get().pk, "agree")
    assert client.get(step).status_code == 403
    # Before that it is known to the office alone; an action that does not exist is no page.
    assert {sign_in(persona).get(step).status_code for persona in ("liaison", "lead", "supervisor")} == {404}
    assert client.get(step.replace("agree", "zzz")).status_code == 404
    client = sign_in("office")
    assert send(sign_in("office_second"), step).status_code == 302
    assert "没有建立台账制度" in sign_in("liaison").get(url("score_sheet", unit)).text
    assert sign_in("liaison").get(url("score_note", unit)).status_code == 403


@pytest.mark.both_databases
def test_two_people_note_one_point_and_the_second_is_told_and_decides(scored, sign_in):
    address = url("score_note", scored.cast.unit.pk)
    given = {"point": "建立健全制度机制", "amount": "3.0", "text": "没有建立制度"}
    one, two = (fields_of(sign_in(who).get(address).context["form"]) for who in ("office", "office_second"))
    assert sign_in("office").post(address, one | given).status_code == 302
    late = sign_in("office_second").post(address, two | given | {"text": "查无制度文件"})
    said = f"已由{scored.cast.office}于 2022-07-05 10:00 评定（扣 3 分，待办理）：没有建立制度。本次没有提交"
    assert (late.status_code, said in late.text, "查无制度文件" in late.text) == (409, True, True)
    again = fields_of(late.context["form"])
    assert sign_in("office_second").post(address, again).status_code == 302
    assert sign_in("office_second").post(address, again | {"noted": "", "idempotency_key": "x"}).status_code == 400


def test_two_people_answer_at_once_and_the_second_is_told(scored, sign_in):
    unit = scored.cast.unit.pk
    send(sign_in("liaison"), url("score_object", unit), point=POINT, text="已报上级")
    step = url("score_step", "objection", ScoreObjection.objects.get().pk, "refuse")
    client = sign_in("office")
    stale = {"idempotency_key": new_key(), "version": 7, "answer": "不属实"}
    answer = client.post(step, stale)
    assert answer.status_code == 409
    assert "不属实" in answer.text
    assert ScoreObjection.objects.get().state == "open"


def test_before_everything_has_fallen_due_the_pages_say_from_when_and_show_no_form(world, sign_in, clock):
    switch_on(world.cast)
    unit, office, said, form = world.cast.unit.pk, sign_in("office"), "2022-07-01 起可以", '-form" method="post"'
    for page in (office.get(url("score_settle")), office.get(url("score_note", unit))):
        assert (page.status_code, said in page.text, form in page.text) == (200, True, False)
        assert "看现在的测算" in page.text
    assert office.post(url("score_settle"), {"idempotency_key": new_key(), "version": 0}).status_code == 400
    for name, rest in (("scores", []), ("score_sheet", [unit])):
        page = office.get(url(name, *rest)).text
        assert said in page
        assert "/settle/" not in page
        assert "/note/" not in page
    page = sign_in("liaison").get(url("score_object", unit))
    assert (page.status_code, said in page.text, "<textarea" in page.text) == (200, True, False)
    assert "/object/" not in sign_in("liaison").get(url("score_sheet", unit)).text
    clock.move_to(datetime(2022, 7, 1, 0, 1, tzinfo=TZ))
    assert form in sign_in("office").get(url("score_settle")).text
    assert "/object/" in sign_in("liaison").get(url("score_sheet", unit)).text


def test_a_settled_version_is_shown_as_it_was(scored, sign_in):
    client = sign_in("office")
    assert "更正须说明原因" in client.get(url("score_settle")).text
    assert send(client, url("score_settle"), reason="").status_code == 302
    issue = scored.issues["due_later"]
    type(issue).objects.filter(pk=issue.pk).update(due_on="2022-06-19")
    page = sign_in("supervisor").get(url("scores"))
    assert "已确定第 1 版" in page.text
    assert sign_in("supervisor").get(url("score_settle")).status_code == 403
    assert 'href="?version=live"' in sign_in("office").get(url("scores")).text
    live = sign_in("office").get(url("scores") + "?version=live")
    assert live.context["sheet"] is None
    assert "评分确定后有变动" in live.text
    for wrong in ("2", "x"):
        assert sign_in("office").get(url("scores") + f"?version={wrong}").status_code == 404


def test_a_correction_is_settled_with_both_scores_in_sight(scored, sign_in):
    client, cast = sign_in("office"), scored.cast
    page = client.get(url("score_settle"))
    assert {row["settled"] for row in page.context["rows"]} == {None}
    first = {row["name"]: row["now"] for row in page.context["rows"]}
    freeze(campaign=cast.campaign, period=june(cast.campaign), actor=cast.office, now=JULY)
    issue = scored.issues["due_later"]
    late = {"responsible_department": cast.unit, "due_on": "2022-06-19", "first_due_on": "2022-06-19"}
    type(issue).objects.filter(pk=issue.pk).update(**late)
    page = client.get(url("score_settle"))
    rows = {row["name"]: row for row in page.context["rows"]}
    assert {name: row["settled"] for name, row in rows.items()} == first
    assert [name for name, row in rows.items() if row["differs"]] == [cast.unit.name]
    live = client.get(url("scores") + "?version=live").context["rows"]
    assert {row["unit"].name: row["total"] for row in live} == {name: row["now"] for name, row in rows.items()}


def test_scores_that_changed_after_the_page_was_opened_are_not_settled_unseen(scored, sign_in):
    client, cast = sign_in("office"), scored.cast
    opened = client.get(url("score_settle")).context["form"]
    given = {name: opened[name].value() for name in ("version", "shown")} | {"idempotency_key": new_key()}
    unit = next(one for one in scores_of(asked_in_june(cast.campaign, JULY.date())).units if one.id == cast.unit.pk)
    late = {"responsible_department": cast.unit, "due_on": "2022-06-19", "first_due_on": "2022-06-19"}
    type(scored.issues["due_later"]).objects.filter(pk=scored.issues["due_later"].pk).update(**late)
    now = scores_of(asked_in_june(cast.campaign, JULY.date())).unit(cast.unit.pk)
    answer = client.post(url("score_settle"), given)
    assert answer.status_code == 409
    assert f"县民政局 {points(unit.total)} 分，现为 {points(now.total)} 分" in answer.text
    assert not ScoreSheet.objects.exists()
    form = answer.context["form"]
    again = {name: form[name].value() for name in ("version", "shown", "idempotency_key")}
    assert client.post(url("score_settle"), again).status_code == 302
    settled = {"version": 1, "reason": "更正", "idempotency_key": new_key()}
    assert client.post(url("score_settle"), settled | {"shown": "x:1"}).status_code == 400
    assert client.post(url("score_settle"), settled).status_code == 400


def test_the_scores_as_they_stand_are_linked_and_said_to_be_no_settled_ones(scored, sign_in):
    client, cast = sign_in("office"), scored.cast
    assert "测算，尚未确定" in client.get(url("scores")).text
    freeze(campaign=cast.campaign, period=june(cast.campaign), actor=cast.office, now=JULY)
    issue = scored.issues["due_later"]
    type(issue).objects.filter(pk=issue.pk).update(due_on="2022-06-19")
    assert 'href="?version=live"' in client.get(url("scores")).text
    page = client.get(url("scores") + "?version=live").text
    assert "测算，尚未确定" not in page
    assert "现在的测算，没有确定为新的一版" in page
    # From there the sheets and the workbook are those of the same scores.
    assert f"{url('score_sheet', cast.unit.pk)}?version=live" in page
    assert f"{url('score_f13')}?version=live" in page
    assert "现在的测算" in client.get(url("score_sheet", cast.unit.pk) + "?version=live").text


def test_the_workbook_says_what_the_page_says(scored, sign_in):
    book = book_of(sign_in("office"))
    scores = scores_of(asked_in_june(scored.cast.campaign, JULY.date()))
    assert book.sheetnames == ["汇总表", *(unit.name for unit in scores.units)]
    rows = [[cell.value for cell in row] for row in book["汇总表"].iter_rows()]
    assert [row[-1] for row in rows if row[1] in {unit.name for unit in scores.units}] == [
        unit.total / 10 for unit in scores.units
    ]
    mine = [[cell.value for cell in row] for row in book[scored.cast.unit.name].iter_rows()]
    [line] = [row for row in mine if POINT in row]
    assert scored.issues["overdue"].number in str(line[-2])
    assert AuditEntry.objects.filter(action="score.exported").count() == 1


@pytest.mark.parametrize("units", [1, 3])
def test_the_workbook_of_a_lead_costs_the_same_for_one_unit_and_three(
    scored, sign_in, units, django_assert_num_queries
):
    """Each unit has an overdue issue to look up."""
    cast, issue = scored.cast, scored.issues["overdue"]
    others = [cast.second_unit, cast.lead_unit][: units - 1]
    kept = {cast.unit.pk, *(unit.pk for unit in others)}
    for name, unit in zip(("due_later", "rebound"), others, strict=False):
        late = {"responsible_department": unit, "due_on": "2022-06-18", "first_due_on": "2022-06-18"}
        type(issue).objects.filter(pk=scored.issues[name].pk).update(**late)
    cast.campaign.roster.exclude(department_id__in=kept).delete()
    client = sign_in("lead")
    client.get("/")
    # PostgreSQL takes a lock for the audit entry.
    with django_assert_num_queries(29 + (connection.vendor == "postgresql")):
        book = book_of(client)
    sheets = [name for name in book.sheetnames if name != "汇总表"]
    assert len(sheets) == units
    for name in sheets:
        assert any("整改时限 2022-06-18" in str(cell.value) for row in book[name] for cell in row), name


def test_a_unit_has_one_sheet_of_its_own(scored, sign_in):
    assert book_of(sign_in("liaison")).sheetnames == [scored.cast.unit.name]


@pytest.mark.parametrize("more", [1, 3])
@pytest.mark.parametrize(("page", "queries"), [("scores", 25), ("score_sheet", 27)])
def test_the_pages_cost_the_same_for_one_walk_and_three(
    scored, sign_in, more, page, queries, django_assert_num_queries
):
    for day in range(more):
        reported_walk(scored.cast, now=datetime(2022, 6, 10 + day, 9, 0, tzinfo=TZ))
    client = sign_in("liaison")
    client.get("/")
    rest = [scored.cast.unit.pk] if page == "score_sheet" else []
    with django_assert_num_queries(queries):
        assert client.get(url(page, *rest)).status_code == 200


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("persona", "table", "sheet"),
    [("supervisor", 7, 7), ("office", 7, 8), ("liaison", 6, 7), ("lead", 6, 7)],
)
def test_a_settled_page_counts_nothing_anew(scored, sign_in, persona, table, sheet, django_assert_num_queries):
    """8 at most, and whoever read the scores as they stood reads the settled ones."""
    settled = freeze(
        campaign=scored.cast.campaign,
        period=june(scored.cast.campaign),
        actor=scored.cast.office,
        now=JULY,
    )
    client, user = sign_in(persona), scored.cast.people[persona]
    seen_then = units_seen_now(user, asked_in_june(scored.cast.campaign, JULY.date()))
    assert units_seen_in(user, settled) == seen_then != set()
    client.get("/")
    with django_assert_num_queries(table):
        assert client.get(url("scores")).context["sheet"].version == 1
    with django_assert_num_queries(sheet):
        assert client.get(url("score_sheet", scored.cast.unit.pk)).status_code == 200
