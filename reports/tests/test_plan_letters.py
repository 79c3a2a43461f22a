"""备案 and 报备 as letters: what the plan holds, for who sees the plan, refused in words before it is due."""

import io
from datetime import datetime

import docx
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from plans.domain import lifecycle, walks
from plans.models import Plan, PlanRow
from plans.tests.planning import FIRST_DAY, LATE_MONDAY, build_planning, draft_plan
from reports.documents.plan_letters import NAMED, write_filing
from tests.cast import TZ

pytestmark = [pytest.mark.django_db, pytest.mark.clock(datetime(2023, 3, 20, 9, 0, tzinfo=TZ))]


@pytest.fixture
def w23():
    return build_planning()


@pytest.fixture
def sign_in(client, w23):
    """Call it with a persona of the cast; returns the client, signed in."""

    def login(persona: str):
        client.force_login(w23.people[persona], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return login


def filed(cast):
    plan = draft_plan(cast)
    for action, actor in (("submit", cast.liaison), ("file", cast.office)):
        plan.refresh_from_db()
        lifecycle.perform(plan=plan, action=action, actor=actor, now=FIRST_DAY)
    plan.refresh_from_db()
    return plan


def paper_of(response) -> docx.document.Document:
    return docx.Document(io.BytesIO(response.getvalue()))


def words_of(paper) -> str:
    return "\n".join(one.text for one in paper.paragraphs)


def test_the_letter_of_a_plan_says_items_course_and_days(w23, sign_in):
    plan = filed(w23)
    client = sign_in("liaison")
    address = reverse("plan_letter", args=[plan.pk])
    assert address in client.get(reverse("plan", args=[plan.pk])).content.decode()
    paper = paper_of(client.get(address))
    for said in (
        "关于“一把手”走流程\n体验办理实施方案备案的报告",
        f"{plan.receiver.name}：",
        "我单位制定了体验办理实施方案，拟体验事项2项、2项次，体验时间为2023年3月28日，",
        "附件：体验办理实施方案明细表",
        "县民政局（盖章）",
        "2023年3月14日",
    ):
        assert said in words_of(paper), said
    [table] = paper.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows][1:]
    assert [row[1] for row in rows] == [one.name for one in w23.bundles]
    assert rows[0][3].startswith("咨询查询—准备材料—填写表格")
    assert rows[0][4] == "2023年3月28日"
    assert rows[0][6] == "政务服务业务人员1人、信息化工作人员1人"


def test_the_letter_of_a_row_tells_the_day_that_was_given(w23, sign_in):
    plan = filed(w23)
    row = PlanRow.objects.filter(plan=plan).first()
    row.plan = plan
    client = sign_in("liaison")
    address = reverse("plan_notice_letter", args=[plan.pk, row.pk])
    early = client.get(address)
    assert early.status_code == 400
    assert "这一行还没有报备" in early.content.decode()
    when = datetime(2023, 3, 29, 9, 0, tzinfo=TZ)
    walks.give_notice(row=row, actor=w23.liaison, when=when, now=LATE_MONDAY)
    assert address in client.get(reverse("plan", args=[plan.pk])).content.decode()
    words = words_of(paper_of(client.get(address)))
    for said in (
        "体验时间：2023年3月29日。",
        "体验事项：新生儿出生一件事。",
        "体验地点或渠道：县政务大厅。",
        "2023年3月20日",
    ):
        assert said in words, said


def test_a_plan_that_was_not_handed_in_is_refused_with_what_is_missing(w23, sign_in):
    plan = draft_plan(w23)
    address = reverse("plan_letter", args=[plan.pk])
    refused = sign_in("liaison").get(address)
    assert refused.status_code == 400
    assert "还缺：补齐内容并报送" in refused.content.decode()
    assert sign_in("receiving").get(address).status_code == 404
    assert sign_in("second_liaison").get(address).status_code == 404


def test_the_same_plan_is_the_same_bytes_and_the_command_writes_it(w23, tmp_path):
    plan = filed(w23)
    path = tmp_path / "备案.docx"
    call_command("document", "plan-letter", campaign="W23", unit="县民政局", output=str(path), username="office")
    first, name = write_filing(plan, "docx", actor=None)
    assert first.read() == path.read_bytes()
    assert name == "20230320_县民政局_备案报告.docx"
    for given, said in (
        ({"unit": "没有局"}, "没有全程的计划"),
        ({"unit": "县民政局", "item": "没有"}, "有0行，须正好一行"),
        ({"unit": "县民政局", "item": "新生儿出生一件事"}, "这一行还没有报备"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("document", "notice-letter", campaign="W23", output=str(tmp_path / "x.docx"), **given)
    assert [one.name for one in tmp_path.iterdir()] == ["备案.docx"]


def test_a_plan_of_one_row_and_of_two_costs_the_same_queries(w23, django_assert_num_queries):
    plan = Plan.objects.select_related(*NAMED).get(pk=filed(w23).pk)
    for _ in range(2):
        # The audit takes a lock of its own on PostgreSQL.
        with django_assert_num_queries(6 + (connection.vendor == "postgresql")):
            write_filing(plan, "docx", actor=None)
        PlanRow.objects.filter(plan=plan).last().delete()
