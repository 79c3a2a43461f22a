"""The exported ledger comes back: what is written, what is left to an action, what clashes."""

import json
from datetime import date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.exceptions import NotAllowed
from core.idempotency import new_key
from core.models import AuditEntry
from issues.domain import lifecycle
from issues.exports.row_mark import RowMark, read_mark
from issues.models import Issue, Measure
from ledgers.domain.returned.work import bring_back
from ledgers.tests.tables import edited, exported
from tests.cast import NOON, county_with
from tests.database import without_triggers

STATES = ("registered", "planning", "rectifying", "closing", "closed")
PHONE = "13800001111"


@pytest.fixture
def county(db, clock):
    return county_with(STATES)


@pytest.fixture
def cast(county):
    return county[0]


@pytest.fixture
def issue(county):
    return county[1]["rectifying"]


def setting(number: str, **values):
    """What ``edited`` does to the row of that number."""

    def change(cells):
        if cells["问题编号"].value == number:
            for column, value in values.items():
                cells[column].value = value

    return change


def only(number: str):
    """Every other row is emptied."""

    def change(cells):
        for cell in cells.values() if cells["问题编号"].value != number else ():
            cell.value = None

    return change


def brought_back(path, actor, **options):
    done = bring_back(path=path, actor=actor, **options)
    assert [str(error) for error in done.errors] == []
    return done


def told(done) -> list[tuple]:
    return [(ask["number"], ask["column"], ask["after"], ask["why"]) for ask in done.asks]


def test_an_untouched_file_changes_nothing(cast, county, tmp_path):
    done = brought_back(exported(tmp_path, cast.office), cast.office)
    assert (done.rows, done.updated, done.unchanged, done.asks) == (5, 0, 5, [])
    assert not AuditEntry.objects.filter(action="ledger.returned").exists()


@pytest.mark.both_databases
def test_progress_number_and_remark_are_written_through_the_one_writer(cast, issue, tmp_path):
    change = setting(issue.number, 整改进展="已到货", 联系电话="13900002222", 备注="第一批")
    path = edited(exported(tmp_path, cast.responsible), change)
    assert brought_back(path, cast.responsible, dry_run=True).updated == 1
    issue.refresh_from_db()
    assert issue.progress != "已到货"
    assert brought_back(path, cast.responsible).updated == 1
    version = issue.version
    issue.refresh_from_db()
    assert (issue.progress, issue.contact_phone, issue.remark) == ("已到货", "13900002222", "第一批")
    assert issue.version == version + 2
    events = list(issue.events.order_by("id"))[-2:]
    assert [event.kind for event in events] == ["amend", "note_progress"]
    assert {event.data["source"] for event in events} == {"导回台账“导出.xlsx”第 6 行"}
    assert AuditEntry.objects.filter(action="ledger.returned").count() == 1
    again = brought_back(path, cast.responsible)
    assert (again.updated, again.asks) == (0, [])


def test_what_only_an_action_changes_is_listed_with_the_way_to_it(cast, issue, tmp_path):
    change = setting(issue.number, 是否销号="是", 分类="其他", 整改时限=datetime(2022, 12, 1), 整改措施="换一台")
    done = brought_back(edited(exported(tmp_path, cast.responsible), change), cast.responsible)
    assert (done.updated, Issue.objects.get(pk=issue.pk).version) == (0, issue.version)
    ways = {ask["column"]: (ask["label"], ask["url"]) for ask in done.asks}
    page = f"/issues/{issue.number}/"
    assert ways == {
        "分类": ("打开问题", page),
        "整改措施": ("补充措施", f"{page}add_measures/"),
        "整改时限": ("申请延期", f"{page}ask_extension/"),
        "是否销号": ("申请销号", f"{page}request_closing/"),
    }


def test_a_row_changed_since_is_shown_with_both_values_and_not_overwritten(cast, county, issue, tmp_path):
    path = exported(tmp_path, cast.responsible)
    lifecycle.perform(issue=issue, action="note_progress", actor=cast.liaison, data={"note": "正在招标"}, now=NOON)
    untouched = brought_back(path, cast.responsible)
    assert (untouched.updated, untouched.asks) == (0, [])
    done = brought_back(edited(path, setting(issue.number, 整改进展="已到货")), cast.responsible)
    why = f"导出后已有变动（导出时第 {issue.version - 1} 版，现为第 {issue.version} 版），没有写入"
    assert told(done) == [(issue.number, "整改进展", "已到货", why)]
    assert done.asks[0]["before"] == "正在招标"
    issue.refresh_from_db()
    assert issue.progress == "正在招标"


def test_a_masked_value_that_comes_back_is_unchanged(cast, issue, tmp_path):
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(contact_phone=PHONE, progress=f"请找王工 {PHONE}")
    path = exported(tmp_path, cast.responsible)
    assert brought_back(path, cast.responsible).updated == 0
    edited(path, setting(issue.number, 整改进展="请找王工 138****1111，已到货"))
    assert brought_back(path, cast.responsible).updated == 1
    issue.refresh_from_db()
    assert (issue.progress, issue.contact_phone) == (f"请找王工 {PHONE}，已到货", PHONE)
    edited(exported(tmp_path, cast.responsible), setting(issue.number, 联系电话="139****2222"))
    [fault] = bring_back(path=path, actor=cast.responsible).errors
    assert (fault.column, "遮盖的号码" in fault.message) == ("联系电话", True)


def test_an_unmasked_file_comes_back_as_it_was(cast, issue, tmp_path):
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(contact_phone=PHONE, remark=f"王工 {PHONE}")
    done = brought_back(exported(tmp_path, cast.office, unmasked=True), cast.office)
    assert (done.updated, done.asks) == (0, [])


def test_rows_that_are_missing_or_emptied_change_nothing(cast, county, issue, tmp_path):
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(remark="第一批")

    path = edited(exported(tmp_path, cast.office), only(issue.number))
    done = brought_back(edited(path, setting(issue.number, 备注=None)), cast.office)
    assert done.rows == 1
    assert told(done) == [(issue.number, "备注", "", "空单元格不清除原有内容，没有写入")]


def test_what_the_person_may_not_do_is_listed_and_not_written(cast, county, issue, tmp_path):
    def change(cells):
        cells["整改进展"].value = "改好了"
        cells["备注"].value = "第一批"

    done = brought_back(edited(exported(tmp_path, cast.lead), change), cast.lead)
    assert {number: why for number, column, _, why in told(done) if column == "整改进展"} == {
        county[1]["registered"].number: "现为“已登记”，不能办理“填写进展”",
        county[1]["planning"].number: "“填写进展”由责任单位办理，您没有此项权限",
        issue.number: "“填写进展”由责任单位办理，您没有此项权限",
        county[1]["closing"].number: "现为“待验收”，不能办理“填写进展”",
        county[1]["closed"].number: "现为“已销号”，不能办理“填写进展”",
    }
    assert done.updated == 4
    assert set(Issue.objects.exclude(remark="").values_list("state", flat=True)) == {
        "registered", "planning", "rectifying", "closing",
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        bring_back(path=tmp_path / "导出.xlsx", actor=cast.supervisor)


def test_an_unknown_number_and_one_that_is_not_theirs_are_answered_alike(cast, issue, tmp_path):
    def faults(number: str):
        def change(cells):
            if cells["问题编号"].value == issue.number:
                cells["问题编号"].value, cells["版本"].value = number, str(RowMark(number, 1, "0" * 8))

        done = bring_back(path=edited(exported(tmp_path, cast.office), change), actor=stranger)
        return [(fault.row, fault.column, fault.message) for fault in done.errors if fault.value == number]

    stranger = cast.namesake
    [hidden], [unknown] = faults(issue.number), faults("QH2022-99999")
    assert hidden == unknown


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("", "没有导出时的版本"),
        ("7", "没有导出时的版本"),
        ("QH2022-00009/1/00000000", "这一行的版本属于 QH2022-00009"),
        ("{number}/99/00000000", "版本比系统中的新"),
    ],
)
def test_a_row_without_its_own_version_is_a_fault(cast, issue, tmp_path, mark, words):
    change = setting(issue.number, 版本=mark.format(number=issue.number))
    [fault] = bring_back(path=edited(exported(tmp_path, cast.office), change), actor=cast.office).errors
    assert (fault.column, words in fault.message) == ("版本", True)


def test_a_number_twice_and_words_too_long_are_faults_and_nothing_is_written(cast, county, issue, tmp_path):
    other = county[1]["planning"]

    def change(cells):
        if cells["问题编号"].value == other.number:
            cells["问题编号"].value, cells["版本"].value = issue.number, str(RowMark(issue.number, 1, "0" * 8))
        elif cells["问题编号"].value == county[1]["closing"].number:
            cells["备注"].value = "长" * 501
        else:
            cells["备注"].value = "第一批"

    done = bring_back(path=edited(exported(tmp_path, cast.office), change), actor=cast.office)
    messages = " ".join(fault.message for fault in done.errors)
    assert ("重复，请只保留一行" in messages, "最多 500 个字" in messages, done.updated) == (True, True, 0)
    assert not Issue.objects.exclude(remark="").exists()


def test_progress_of_each_measure_is_written_and_the_others_stay(cast, issue, tmp_path):
    with without_triggers("issues_issue"):
        Measure.objects.filter(issue=issue).delete()
        made = [
            Measure.objects.create(issue=issue, order=number, text=text, owner="王工", progress=progress)
            for number, (text, progress) in enumerate((("修订", "已报审"), ("培训", ""), ("上墙", "已印")), start=1)
        ]
    path = exported(tmp_path, cast.responsible)
    assert brought_back(path, cast.responsible).updated == 0
    change = setting(issue.number, 措施进展="1.已报审\n2.培训两场\n另发材料\n3、已上墙 2.5米")
    assert brought_back(edited(path, change), cast.responsible).updated == 1
    told = [(one.progress, one.owner, one.progress_on) for one in Measure.objects.filter(pk__in=[m.pk for m in made])]
    assert told == [
        ("已报审", "王工", None),
        ("培训两场 另发材料", "王工", NOON.date()),
        ("已上墙 2.5米", "王工", NOON.date()),
    ]
    event = issue.events.order_by("id").last()
    assert (event.kind, event.note) == ("track_measures", "2.培训两场 另发材料\n3.已上墙 2.5米")


@pytest.mark.parametrize("words", ["已印发", "1.已印发\n1.已培训", "3.已上墙", "1." + "长" * 501])
def test_progress_of_a_measure_that_does_not_exist_is_a_fault(cast, issue, tmp_path, words):
    with without_triggers("issues_issue"):
        Measure.objects.create(issue=issue, order=2, text="培训")
    path = edited(exported(tmp_path, cast.responsible), setting(issue.number, 措施进展=words))
    [fault] = bring_back(path=path, actor=cast.responsible).errors
    assert fault.column == "措施进展"
    assert not Measure.objects.exclude(progress="").exists()


def test_progress_where_measures_do_not_fit_is_listed_and_not_written(cast, county, issue, tmp_path):
    with without_triggers("issues_issue"):
        Measure.objects.filter(issue=issue).update(due_on=date(2023, 1, 1))
    path = edited(exported(tmp_path, cast.responsible), setting(issue.number, 措施进展="已印发"))
    assert ["完成时限晚于整改时限" in why for *_, why in told(brought_back(path, cast.responsible))] == [True]
    planning = county[1]["planning"]
    path = edited(exported(tmp_path, cast.responsible), setting(planning.number, 措施进展="已印发"))
    assert ["不能办理“措施进展”" in why for *_, why in told(brought_back(path, cast.responsible))] == [True]


def test_a_number_typed_into_a_text_is_pointed_out(cast, issue, tmp_path):
    path = edited(exported(tmp_path, cast.office), setting(issue.number, 备注=f"找王工 {PHONE}"))
    assert any("疑似含有手机号 138****1111，请核对" in note for note in brought_back(path, cast.office).notes)


def send(client, user, path):
    client.force_login(user)
    with path.open("rb") as file:
        return client.post(reverse("ledger_return"), {"file": file, "idempotency_key": new_key()})


def test_the_page_shows_what_is_written_and_what_is_not_and_two_people_confirm_once(client, cast, issue, tmp_path):
    path = edited(exported(tmp_path, cast.office), setting(issue.number, 备注="第一批", 是否销号="是"))
    urls = {user: send(client, user, path).url for user in (cast.office, cast.office_second)}
    answers = []
    for user, url in urls.items():
        client.force_login(user)
        page = client.get(url)
        seen, shown = page.context["fresh"].initial["seen"], page.content.decode()
        assert "<ins>第一批</ins>" in shown
        assert "没有写入，须另行办理" in shown
        assert (
            f'不由表格改动，请在问题页面核对。<a href="{reverse("issue", args=[issue.number])}">打开问题</a>' in shown
        )
        answers.append((url, seen))
    for user, (url, seen), status in zip(urls, answers, (302, 409), strict=True):
        client.force_login(user)
        assert client.post(url, {"seen": seen, "idempotency_key": new_key()}).status_code == status
    assert Issue.objects.get(pk=issue.pk).events.filter(kind="amend").count() == 1


def test_comparing_takes_the_same_queries_for_five_rows_and_for_one(cast, issue, tmp_path, django_assert_num_queries):
    for change in (setting(issue.number, 分类="其他"), only(issue.number)):
        path = edited(exported(tmp_path, cast.office), change)
        with django_assert_num_queries(5):
            brought_back(path, cast.office)


def test_the_command_speaks_for_a_person(cast, issue, tmp_path, capsys):
    path = edited(exported(tmp_path, cast.office), setting(issue.number, 备注="第一批", 是否销号="是"))
    call_command("update_ledger", path, "--as", "office", "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["updated"], said["unchanged"], [ask["column"] for ask in said["asks"]]) == (1, 4, ["是否销号"])
    with pytest.raises(CommandError):
        call_command("update_ledger", path, "--as", "nobody")


def test_the_mark_is_read_as_it_was_written():
    mark = RowMark("QH2022-00037", 7, "1a2b3c4d")
    assert read_mark(f" {mark} ") == mark
    assert read_mark("QH2022-00037") is None
