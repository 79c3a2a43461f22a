"""12345 figures, their ranking, the list of 跟单处理单位 and what freezes it."""

import json

import openpyxl
import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, transaction

from accounts.models import Department
from campaigns.domain import hotline
from campaigns.domain.duty_facts import hotline_of
from campaigns.domain.hotline import TicketFigure
from campaigns.domain.hotline_file import import_figures
from campaigns.models import HotlineMonth, HotlineRow, RosterEntry
from core.exceptions import IllegalTransition, Refused, StaleVersion
from core.models import AuditEntry
from notifications.models import Notice
from tests.cast import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON), pytest.mark.both_databases]
HEAD = "序号,责任单位,工单数,问题类型,所属领域\n"
JUNE = "2022-06"


@pytest.fixture
def table(tmp_path):
    def write(text: str, head: str = HEAD):
        path = tmp_path / "工单.csv"
        path.write_text(head + text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def run(capsys):
    def call(path, *args) -> dict:
        """What ``--json`` prints, with the exit status."""
        status = 0
        try:
            call_command("import_hotline", str(path), "--campaign", "QH2022", "--month", JUNE, "--json", *args)
        except SystemExit as ended:
            status = ended.code
        return json.loads(capsys.readouterr().out) | {"status": status}

    return call


def figures(cast, **tickets) -> list[TicketFigure]:
    """``figures(cast, 县公安局=5)``."""
    units = {unit.name: unit for unit in Department.objects.filter(region=cast.county)}
    return [TicketFigure(units[name].pk, name, number) for name, number in tickets.items()]


def month_of(cast, **tickets) -> HotlineMonth:
    hotline.save_figures(
        campaign=cast.campaign, month=JUNE, figures=figures(cast, **tickets), file_name="六月.xlsx", actor=cast.lead
    )
    return HotlineMonth.objects.get(campaign=cast.campaign, month=JUNE)


def listed(month) -> list[str]:
    return [row.name for row in hotline.ranking(month) if row.is_listed]


def issue(month, actor, **options) -> int:
    seen = hotline.token_of(hotline.ranking(month))
    return hotline.issue(month=month, actor=actor, **{"seen": seen, **options})


TWO_LINES = "1,县公安局,12,噪音、停车,社会治安\n2,民政局,7,低保,民生\n3,公安局,5,停车；户籍,社会治安\n"


def test_lines_of_one_unit_are_added_up_and_their_types_joined(cast, run, table):
    answer = run(table(TWO_LINES))
    assert (answer["rows"], answer["created"], answer["errors"], answer["status"]) == (3, 2, [], 0)
    rows = HotlineRow.objects.values_list("department__name", "tickets", "types", "field")
    assert list(rows) == [("县公安局", 17, "噪音、停车、户籍", "社会治安"), ("县民政局", 7, "低保", "民生")]
    month = HotlineMonth.objects.get()
    assert (month.month, month.duty_month, month.state) == (JUNE, "2022-07", "draft")


def test_the_same_file_twice_changes_nothing(cast, run, table):
    run(table(TWO_LINES))
    before = list(HotlineMonth.objects.values()), list(HotlineRow.objects.values()), AuditEntry.objects.count()
    answer = run(table(TWO_LINES))
    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 2)
    assert (
        list(HotlineMonth.objects.values()),
        list(HotlineRow.objects.values()),
        AuditEntry.objects.count(),
    ) == before


def test_a_dry_run_writes_nothing(cast, run, table):
    assert run(table(TWO_LINES), "--dry-run")["created"] == 2
    assert not HotlineMonth.objects.exists()


def test_other_headings_title_rows_and_totals_are_read(cast, run, table):
    head = "青禾县12345工单统计,,\n序号,工单量,单位\n"
    assert run(table("1,１２,县公安局\n2,3,县司法局\n合计,15,\n", head))["status"] == 0
    assert dict(HotlineRow.objects.values_list("department__name", "tickets")) == {"县公安局": 12, "县司法局": 3}


def test_a_unit_on_several_lines_is_named_with_its_lines_and_other_sheets_are_told(cast, run, tmp_path):
    book = openpyxl.Workbook()
    for line in (["序号", "责任单位", "工单数"], [1, "县公安局", 12], [2, "县民政局", 7], [3, "公安局", 5]):
        book.active.append(line)
    book.create_sheet("下半月").append(["序号", "责任单位", "工单数"])
    book.save(tmp_path / "六月.xlsx")
    answer = run(tmp_path / "六月.xlsx")
    assert answer["notes"] == [
        "只读取了一张工作表，没有读取：下半月。",
        "县公安局有 2 行（第 2、4 行），已合并为 17 件。",
    ]


def test_a_header_in_two_rows_is_read(cast, run, table):
    head = "序号,单位,工单情况,\n,,工单数,问题类型\n"
    assert run(table("1,县公安局,12,噪音\n", head))["errors"] == []
    assert list(HotlineRow.objects.values_list("tickets", "types")) == [(12, "噪音")]


def test_a_unit_abolished_since_keeps_the_figures_of_a_month_it_stood_in(cast, run, table):
    def abolished(day: str) -> None:
        Department.objects.filter(pk=cast.unit.pk).update(is_active=False, abolished_on=day)

    abolished("2022-06-01")
    [error] = run(table(TWO_LINES))["errors"]
    assert "没有这个单位" in error["message"]
    abolished("2022-06-02")
    assert run(table(TWO_LINES))["errors"] == []
    rows = hotline.ranking(HotlineMonth.objects.get())
    assert [(row.name, row.bar, row.may_serve) for row in rows] == [
        ("县公安局", "", True),
        ("县民政局", "已撤销", False),
    ]


def test_a_unit_in_use_is_meant_before_one_abolished(cast, run, table):
    gone = {"is_active": False, "abolished_on": "2022-06-20"}
    Department.objects.create(region=cast.county, name="县公安局交警大队", **gone)
    assert run(table("1,公安局,4,,\n"))["errors"] == []
    assert HotlineRow.objects.get().department == cast.second_unit


def test_why_a_unit_cannot_be_listed_is_said_for_each(cast):
    RosterEntry.objects.filter(department=cast.second_unit).update(left_on=NOON.date())
    rows = hotline.ranking(month_of(cast, 县公安局=12, 县民政局=0, 县司法局=1))
    assert {row.name: row.bar for row in rows} == {"县公安局": "不在活动名单", "县民政局": "无工单", "县司法局": ""}


def test_other_figures_for_an_issued_month_are_refused_before_anything_is_saved(cast, run, table):
    run(table(TWO_LINES))
    month = HotlineMonth.objects.get()
    hotline.choose(month=month, cut=1, tied=None, actor=cast.lead)
    issue(month, cast.lead)
    for args in (["--dry-run"], []):
        [error] = run(table(TWO_LINES.replace("12", "13")), *args)["errors"]
        assert (
            "2022年7月跟单名单已由测试lead于 2022-06-08 12:00 印发，数字和名单不能再改，本次没有改动"
            in error["message"]
        )
        assert "统计月份选错的请改选月份" in error["message"]
    assert run(table(TWO_LINES))["unchanged"] == 2


def test_the_list_is_of_the_unit_whose_people_make_it(cast):
    month = month_of(cast, 县公安局=12)
    assert month.made_by == cast.lead_unit
    hotline.choose(month=month, cut=1, tied=None, actor=cast.lead)
    issue(month, cast.office)
    month.refresh_from_db()
    assert month.made_by == cast.campaign.office


def test_every_fault_is_named_by_its_cell_and_nothing_is_written(cast, run, table):
    long = "很长的类型" * 41
    answer = run(table(f"1,县公安居,12,,\n2,县民政局,,,\n3,,4,,\n4,县司法局,若干,,\n5,县公安局,1,{long},\n"))
    assert answer["status"] == 1
    found = {(error["row"], error["column"]): error["message"] for error in answer["errors"]}
    assert found[2, "责任单位"].startswith("青禾县没有这个单位。相近的有：县公安局")
    assert found[3, "工单数"] == "不能为空"
    assert found[4, "责任单位"] == "不能为空"
    assert found[5, "工单数"] == "应为 0 至 100000 之间的整数"
    assert found[6, "问题类型"] == "该单位合并后有 205 个字，最多 200 个字"
    assert len(found) == 5
    assert not HotlineMonth.objects.exists()


@pytest.mark.parametrize(
    ("month", "words"),
    [
        ("2022-6", "应形如 2022-06"),
        ("2022Q2", "应形如 2022-06"),
        ("2022-07", "2022年7月还没有到"),
        ("2022-03", "不在活动时间内"),
    ],
)
def test_a_month_that_will_not_do_is_refused_in_words(cast, table, month, words):
    result = import_figures(campaign=cast.campaign, month=month, path=table(TWO_LINES))
    assert [error.row for error in result.errors] == [None]
    assert words in str(result.errors[0])


def test_the_month_before_the_campaign_serves_its_first_month(cast, table):
    result = import_figures(campaign=cast.campaign, month="2022-05", path=table(TWO_LINES))
    assert result.errors == []
    assert HotlineMonth.objects.get().duty_month == JUNE


def test_december_serves_january(cast):
    with time_machine.travel(NOON.replace(month=12)):
        hotline.save_figures(
            campaign=cast.campaign, month="2022-12", figures=figures(cast, 县公安局=1), file_name="", actor=cast.lead
        )
    assert HotlineMonth.objects.get().duty_month == "2023-01"


def test_equal_units_share_a_rank_and_stand_in_roster_order(cast):
    month = month_of(cast, 县行政审批局=9, 县司法局=9, 县民政局=3, 县公安局=12)
    ranked = [(row.rank, row.name) for row in hotline.ranking(month)]
    assert ranked == [(1, "县公安局"), (2, "县司法局"), (2, "县行政审批局"), (4, "县民政局")]


def test_units_tied_at_the_cut_all_come_in_unless_the_office_unticks_them(cast):
    month = month_of(cast, 县行政审批局=9, 县司法局=9, 县民政局=3, 县公安局=12)
    assert hotline.choose(month=month, cut=2, tied=None, actor=cast.lead) == 3
    assert listed(month) == ["县公安局", "县司法局", "县行政审批局"]
    assert hotline.choose(month=month, cut=2, tied={cast.lead_unit.pk, cast.unit.pk}, actor=cast.lead) == 2
    assert listed(month) == ["县公安局", "县行政审批局"]
    with pytest.raises(Refused, match="并列的 2 个单位中请至少勾选 1 个"):
        hotline.choose(month=month, cut=2, tied=set(), actor=cast.lead)
    assert listed(month) == ["县公安局", "县行政审批局"]


def test_a_cut_between_different_figures_leaves_nothing_to_tick(cast):
    rows = hotline.ranking(month_of(cast, 县行政审批局=9, 县司法局=9, 县民政局=3, 县公安局=12))
    assert hotline.divide(rows, 1) == ({cast.second_unit.pk}, set())
    assert len(hotline.divide(rows, 3)[0]) == 3
    assert hotline.divide(rows, 3)[1] == set()
    assert len(hotline.divide(rows, 4)[0]) == 4


def test_units_without_tickets_and_those_off_the_roster_are_never_listed(cast):
    RosterEntry.objects.filter(department=cast.second_unit).update(left_on=NOON.date())
    month = month_of(cast, 县公安局=12, 县民政局=3, 县司法局=0)
    assert hotline.choose(month=month, cut=1, tied=None, actor=cast.lead) == 1
    assert listed(month) == ["县民政局"]
    with pytest.raises(Refused, match="应为 1 至 1 之间的整数"):
        hotline.choose(month=month, cut=2, tied=None, actor=cast.lead)


def test_a_new_import_replaces_the_figures_and_drops_the_chosen_list(cast):
    month = month_of(cast, 县公安局=12, 县民政局=3)
    hotline.choose(month=month, cut=1, tied=None, actor=cast.lead)
    counts = hotline.save_figures(
        campaign=cast.campaign, month=JUNE, figures=figures(cast, 县公安局=13), file_name="改.xlsx", actor=cast.office
    )
    assert counts == {"created": 0, "updated": 2, "unchanged": 0}
    month.refresh_from_db()
    assert (month.cut, month.changed_by, listed(month)) == (None, cast.office, [])
    assert [row.name for row in hotline.ranking(month)] == ["县公安局"]


def test_issuing_tells_principals_and_liaisons_and_gives_the_board_its_units(cast):
    month = month_of(cast, 县公安局=12, 县民政局=30)
    hotline.choose(month=month, cut=2, tied=None, actor=cast.lead)
    assert hotline_of(cast.campaign) == {}
    assert issue(month, cast.lead) == 3
    told = set(Notice.objects.values_list("recipient__username", "link"))
    link = "/campaigns/QH2022/hotline/2022-06/"
    assert told == {("principal", link), ("liaison", link), ("second_liaison", link)}
    text = Notice.objects.get(recipient=cast.principal).text
    assert text == "县民政局列入2022年7月跟单处理单位（工单 30 件，第 1 名），请开展处投诉。"
    assert hotline_of(cast.campaign) == {"2022-07": {cast.unit.pk, cast.second_unit.pk}}
    assert AuditEntry.objects.get(action="hotline.issued").detail["units"] == ["县民政局", "县公安局"]


def test_an_issued_list_refuses_every_change_in_words(cast, run, table):
    month = month_of(cast, 县公安局=12, 县民政局=30)
    hotline.choose(month=month, cut=1, tied=None, actor=cast.lead)
    issue(month, cast.lead)
    with pytest.raises(IllegalTransition, match="已由测试lead于 2022-06-08 12:00 印发，数字和名单不能再改"):
        hotline.choose(month=month, cut=2, tied=None, actor=cast.office)
    with pytest.raises(IllegalTransition, match="不能再改"):
        issue(month, cast.office)
    with pytest.raises(IllegalTransition, match="不能再改"):
        month_of(cast, 县公安局=99)
    assert listed(month) == ["县民政局"]
    month_of(cast, 县民政局=30, 县公安局=12)
    assert Notice.objects.filter(kind="hotline.listed").count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_keeps_an_issued_list(cast):
    month = month_of(cast, 县公安局=12, 县民政局=30)
    hotline.choose(month=month, cut=1, tied=None, actor=cast.lead)
    issue(month, cast.lead)
    row = HotlineRow.objects.filter(month=month).first()
    writes = (
        lambda: HotlineMonth.objects.filter(pk=month.pk).update(cut=9),
        lambda: HotlineRow.objects.filter(pk=row.pk).update(tickets=1),
        lambda: HotlineRow.objects.filter(pk=row.pk).delete(),
        lambda: HotlineRow.objects.create(month=month, department=cast.lead_unit, tickets=1),
    )
    for write in writes:
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    assert HotlineRow.objects.filter(month=month).count() == 2


def test_nothing_is_issued_that_the_person_did_not_see(cast):
    month = month_of(cast, 县公安局=12, 县民政局=30)
    with pytest.raises(IllegalTransition, match="名单还没有确定"):
        issue(month, cast.lead)
    hotline.choose(month=month, cut=1, tied=None, actor=cast.lead)
    seen = hotline.token_of(hotline.ranking(month))
    hotline.choose(month=month, cut=2, tied=None, actor=cast.office)
    with pytest.raises(StaleVersion):
        issue(month, cast.lead, seen=seen)
    RosterEntry.objects.filter(department=cast.unit).update(left_on=NOON.date())
    with pytest.raises(IllegalTransition, match="县民政局不在活动名单，未印发"):
        issue(month, cast.lead)


def test_a_campaign_without_complaints_has_no_list(cast, table):
    version = cast.campaign.rule_versions.get()
    data = version.data | {"activities": [one for one in version.data["activities"] if one["name"] != "处投诉"]}
    cast.campaign.rule_versions.create(number=2, data=data, effective_on=cast.campaign.starts_on, issued_at=NOON)
    result = import_figures(campaign=cast.campaign, month=JUNE, path=table(TWO_LINES))
    assert "不含“处投诉”" in str(result.errors[0])


@pytest.mark.parametrize(
    ("file", "said", "tickets"),
    [
        ("L5_", {"派遣案件总数·总计": "工单数"}, {"县住建局": 99, "县公安局": 77}),
        ("L5b_", {"总计": "工单数", "办结率": ""}, {"县住建局": 99, "县公安局": 1077}),
    ],
)
def test_a_table_with_other_headings_comes_in_once_its_columns_are_named(cast, run, tmp_path, file, said, tickets):
    Department.objects.create(region=cast.county, name="县住建局", order=9)
    path = next((settings.BASE_DIR / "tests" / "data" / "layouts").glob(f"{file}*"))
    mapping = tmp_path / "对应.json"
    mapping.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    done = run(path, "--mapping", str(mapping))
    assert (done["status"], done["errors"], done["created"]) == (0, [], 2)
    assert dict(HotlineRow.objects.values_list("department__name", "tickets")) == tickets
