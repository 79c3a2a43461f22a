"""The pages of the hotline's figures and the list they give."""

import io
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.domain import hotline
from campaigns.models import HotlineMonth, HotlineRow
from core.idempotency import new_key
from core.models import AuditEntry, IdempotencyKey, StagedTable
from notifications.models import Notice
from tests.cast import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
URL = "/campaigns/QH2022/hotline/"
JUNE = f"{URL}2022-06/"
TEXT = "序号,责任单位,工单数,问题类型,所属领域\n1,县公安局,12,噪音,治安\n2,民政局,12,低保,民生\n3,县司法局,3,,\n"


def upload(client, text=TEXT, month="2022-06", name="六月工单.csv", **said):
    file = SimpleUploadedFile(name, text.encode(), content_type="text/csv")
    return client.post(f"{URL}import/", {"month": month, "file": file, "idempotency_key": new_key(), **said})


def save(client, page, **changes):
    form = page.context["save"]
    sent = {"sheet": form.initial["sheet"], "idempotency_key": new_key()}
    return client.post(f"{URL}save/", sent | changes)


def saved(client, cast) -> HotlineMonth:
    client.force_login(cast.lead)
    assert save(client, upload(client)).url == JUNE
    return HotlineMonth.objects.get()


def issued(client, cast, cut=1) -> HotlineMonth:
    month = saved(client, cast)
    hotline.choose(month=month, cut=cut, tied=None, actor=cast.lead)
    hotline.issue(month=month, seen=hotline.token_of(hotline.ranking(month)), actor=cast.lead)
    month.refresh_from_db()
    return month


def test_a_file_is_shown_before_anything_is_saved(client, cast):
    client.force_login(cast.lead)
    page = upload(client)
    assert page.status_code == 200
    assert "尚未保存" in page.text
    assert "六月工单.csv：3 行，2022年6月，3 个单位，共 27 件，用于2022年7月跟单" in page.text
    assert not HotlineMonth.objects.exists()
    assert save(client, page).url == JUNE
    assert dict(HotlineRow.objects.values_list("department__name", "tickets")) == {
        "县公安局": 12,
        "县民政局": 12,
        "县司法局": 3,
    }


def test_columns_of_other_names_are_named_once(client, cast):
    client.force_login(cast.lead)
    text = "转办部门,转办件数,办结率\n县公安局,12,96%\n民政局,5,90%\n"
    asked = upload(client, text)
    page = client.get(asked.url)
    assert "没有找到“责任单位”“工单数”一列，请指明。" in page.text
    refused = client.post(asked.url, {"c0": "责任单位", "idempotency_key": new_key()})
    assert (refused.status_code, "请指明哪一列是“工单数”。" in refused.text) == (400, True)
    shown = client.post(asked.url, {"c0": "责任单位", "c1": "工单数", "idempotency_key": new_key()})
    assert "2 个单位，共 17 件" in shown.text
    assert save(client, shown).url == JUNE
    again = upload(client, text.replace("12", "13"), month="2022-05")
    assert "2 个单位，共 18 件" in again.text
    assert upload(client, text, name_columns="on").url.startswith(f"{URL}import/")


def test_faults_of_a_table_stand_on_the_page_of_its_columns(client, cast):
    client.force_login(cast.lead)
    asked = upload(client, "转办部门,转办件数,办结率\n县公安居,十二,96%\n")
    page = client.post(asked.url, {"c0": "责任单位", "c1": "工单数", "idempotency_key": new_key()})
    assert (page.status_code, "相近的有：县公安局" in page.text, "转办部门" in page.text) == (400, True, True)


def test_a_table_that_waits_is_its_senders_in_that_campaign_alone(client, cast):
    client.force_login(cast.lead)
    asked = upload(client, "转办部门,转办件数,办结率\n县公安局,12,96%\n")
    StagedTable.objects.update(params=StagedTable.objects.get().params | {"campaign": 0})
    assert client.get(asked.url).status_code == 404


def test_saving_twice_is_saving_once(client, cast):
    client.force_login(cast.lead)
    page, key = upload(client), new_key()
    assert save(client, page, idempotency_key=key).url == save(client, page, idempotency_key=key).url
    assert IdempotencyKey.objects.count() == 1
    assert AuditEntry.objects.filter(action="hotline.imported").count() == 1


def test_every_fault_of_a_file_stands_on_the_page_by_its_cell(client, cast):
    client.force_login(cast.lead)
    page = upload(client, "序号,单位,工单数\n1,县公安居,x\n2,县民政局,\n")
    assert page.status_code == 400
    assert "有 3 处需要修改，没有写入任何内容" in page.text
    for words in ("县公安居", "相近的有：县公安局", "应为 0 至 100000 之间的整数", "不能为空"):
        assert words in page.text
    assert upload(client, "没有表头\n").status_code == 400
    assert "没有找到表头" in upload(client, "没有表头\n").text
    assert "应形如 2022-06" in upload(client, month="六月").text


def test_nothing_but_what_was_shown_here_can_be_saved(client, cast):
    client.force_login(cast.lead)
    page = upload(client)
    answer = save(client, page, sheet=page.context["save"].initial["sheet"] + "x")
    assert answer.status_code == 400
    assert "页面内容已失效" in answer.text
    assert not HotlineMonth.objects.exists()


def chosen(month, **given):
    """What the page of the list sends."""
    return {"idempotency_key": new_key(), "seen": hotline.token_of(hotline.ranking(month)), **given}


def test_a_cut_lists_the_tied_units_until_they_are_unticked(client, cast):
    month = saved(client, cast)
    page = client.get(JUNE)
    assert "名单还没有确定" in page.text
    client.post(JUNE, chosen(month, cut=1))
    assert [row.name for row in hotline.ranking(month) if row.is_listed] == ["县公安局", "县民政局"]
    page = client.get(JUNE)
    assert [choice[1] for choice in page.context["form"].fields["tied"].choices] == [
        "县公安局（12 件）",
        "县民政局（12 件）",
    ]
    client.post(JUNE, chosen(month, cut=1, tied=[cast.unit.pk]))
    assert [row.name for row in hotline.ranking(month) if row.is_listed] == ["县民政局"]
    answer = client.post(JUNE, chosen(month, cut=1))
    assert answer.status_code == 400
    assert "请至少勾选 1 个" in answer.text
    assert client.post(JUNE, chosen(month, cut=9)).status_code == 400


def test_issuing_asks_once_more_and_freezes(client, cast):
    month = saved(client, cast)
    client.post(JUNE, chosen(month, cut=3))
    page = client.get(f"{JUNE}issue/")
    assert "都不能再改" in page.text
    sent = {"seen": page.context["form"].initial["seen"], "idempotency_key": new_key()}
    assert client.post(f"{JUNE}issue/", sent).url == JUNE
    month.refresh_from_db()
    assert (month.state, month.issued_by) == ("issued", cast.lead)
    assert Notice.objects.filter(kind="hotline.listed").count() == 3
    again = client.post(JUNE, {"cut": 1, "idempotency_key": new_key()})
    assert again.status_code == 409
    assert "不能再改" in again.text
    assert client.get(f"{JUNE}issue/").status_code == 409
    other = upload(client, TEXT.replace("12", "13"))
    assert other.status_code == 400
    assert "2022年7月跟单名单已由测试lead于 2022-06-08 12:00 印发，数字和名单不能再改，本次没有改动" in other.text


def test_the_same_figures_again_lead_to_the_issued_list_and_say_that_nothing_changed(client, cast):
    issued(client, cast)
    client.get(JUNE)
    answer = upload(client)
    assert answer.url == JUNE
    page = client.get(JUNE).text
    assert "工单数与已印发的相同，没有改动；名单已经印发" in page
    assert "核对后印发" not in page


def test_figures_read_before_and_saved_after_the_list_was_issued(client, cast):
    client.force_login(cast.lead)
    same, other = upload(client), upload(client, TEXT.replace("12", "13"))
    issued(client, cast)
    assert save(client, other).status_code == 409
    client.get(JUNE)
    assert save(client, same).url == JUNE
    assert "没有改动；名单已经印发" in client.get(JUNE).text


def test_what_was_added_up_is_told_before_saving(client, cast):
    client.force_login(cast.lead)
    page = upload(client, TEXT + "4,公安局,2,,\n")
    assert "县公安局有 2 行（第 2、5 行），已合并为 14 件" in page.text


def test_the_page_says_why_a_unit_cannot_be_listed(client, cast):
    client.force_login(cast.lead)
    save(client, upload(client, TEXT.replace("县司法局,3", "县司法局,0")))
    assert "无工单" in client.get(JUNE).text
    assert "不在活动名单" not in client.get(JUNE).text


def test_a_list_that_changed_meanwhile_is_not_issued(client, cast):
    month = saved(client, cast)
    hotline.choose(month=month, cut=3, tied=None, actor=cast.lead)
    seen = client.get(f"{JUNE}issue/").context["form"].initial["seen"]
    hotline.choose(month=month, cut=1, tied=None, actor=cast.office)
    answer = client.post(f"{JUNE}issue/", {"seen": seen, "idempotency_key": new_key()})
    assert answer.status_code == 409
    assert f"工单数或名单已由{cast.office}于 2022-06-08 12:00 修改或办理" in answer.text


def test_who_chooses_from_figures_brought_anew_meanwhile_reads_who_brought_them(client, cast):
    month = saved(client, cast)
    seen = client.get(JUNE).context["form"].initial["seen"]
    figures = [hotline.TicketFigure(row.department_id, row.name, row.tickets + 1) for row in hotline.ranking(month)]
    given = {"campaign": cast.campaign, "month": "2022-06", "file_name": "新表.xlsx"}
    hotline.save_figures(figures=figures, actor=cast.office, **given)
    answer = client.post(JUNE, {"cut": 2, "seen": seen, "idempotency_key": new_key()})
    assert (answer.status_code, f"最近保存：{cast.office}，2022-06-08 12:00" in answer.text) == (409, True)


def test_the_county_sees_an_issued_list_and_only_those_who_make_it_a_draft(client, cast):
    saved(client, cast)
    client.force_login(cast.liaison)
    assert client.get(JUNE).status_code == 404
    assert "还没有印发跟单名单" in client.get(URL).text
    client.force_login(cast.supervisor)
    assert client.get(JUNE).status_code == 404


def test_a_unit_sees_the_list_and_not_the_figures_of_its_neighbours(client, cast):
    month = saved(client, cast)
    hotline.choose(month=month, cut=1, tied={cast.unit.pk}, actor=cast.lead)
    hotline.choose(month=month, cut=1, tied={cast.unit.pk}, actor=cast.lead)
    hotline.issue(month=month, seen=hotline.token_of(hotline.ranking(month)), actor=cast.lead)
    client.force_login(cast.second_liaison)
    page = client.get(JUNE).text
    assert "县民政局" in page
    assert "县司法局" not in page
    client.force_login(cast.supervisor)
    assert "县司法局" in client.get(JUNE).text


def test_the_workbook_is_the_list_in_annex_layout_and_can_be_read_again(client, cast):
    issued(client, cast)
    answer = client.get(f"{JUNE}export/")
    content = b"".join(answer.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "青禾县处投诉跟单处理单位名单（2022年7月）"
    assert rows[1][0] == "填报单位（盖章）：县行政审批局"
    head = next(index for index, row in enumerate(rows) if row[0] == "序号")
    assert rows[head] == ["序号", "月份", "排名", "责任单位", "工单数", "问题类型", "所属领域", "跟单月份"]
    assert rows[head + 1] == [1, "2022年6月", 1, "县公安局", 12, "噪音", "治安", "2022年7月"]
    assert [row[3] for row in rows[head + 1 : head + 3]] == ["县公安局", "县民政局"]
    assert "20220608_青禾县_2022年7月处投诉跟单名单.xlsx" in unquote(answer["Content-Disposition"])
    assert AuditEntry.objects.get(action="hotline.exported").detail == {"month": "2022-06", "rows": 2}


def test_a_list_not_yet_chosen_exports_nothing(client, cast):
    saved(client, cast)
    assert client.get(f"{JUNE}export/").status_code == 409


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_a_month_costs_the_same_whatever_the_number_of_units(client, cast, rows, django_assert_num_queries):
    client.force_login(cast.lead)
    save(client, upload(client, "\n".join(TEXT.split("\n")[: rows + 1])))
    client.get(JUNE)
    with django_assert_num_queries(8):
        assert len(client.get(JUNE).context["rows"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_months_costs_the_same_whatever_their_number(client, cast, rows, django_assert_num_queries):
    client.force_login(cast.lead)
    for month in ("2022-06", "2022-05", "2022-04")[:rows]:
        save(client, upload(client, month=month))
    client.get(URL)
    with django_assert_num_queries(8):
        assert len(client.get(URL).context["rows"]) == rows


def test_figures_that_somebody_saved_meanwhile_are_not_overwritten(client, cast):
    client.force_login(cast.lead)
    first = upload(client)
    client.force_login(cast.office)
    second = upload(client, TEXT.replace("12", "40"), name="另一份.csv")
    client.force_login(cast.lead)
    assert save(client, first).url == JUNE
    client.force_login(cast.office)
    answer = save(client, second)
    assert (answer.status_code, "本月的工单数已由测试lead于" in answer.text) == (409, True)
    assert HotlineRow.objects.get(department=cast.unit).tickets == 12
    assert save(client, upload(client, TEXT.replace("12", "40"), name="另一份.csv")).url == JUNE
    assert HotlineRow.objects.get(department=cast.unit).tickets == 40


def test_issuing_sent_twice_shows_the_list_again(client, cast):
    month = saved(client, cast)
    client.post(JUNE, chosen(month, cut=3))
    data = chosen(month)
    answers = [client.post(f"{JUNE}issue/", data) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, JUNE)] * 2
    again = chosen(month, cut=3)
    assert client.post(JUNE, again).status_code == 409
