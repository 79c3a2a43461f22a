"""Drafting a campaign from a notice."""

from datetime import date, datetime

import pytest
import time_machine

from campaigns.models import Campaign
from campaigns.tests.setup_page import TODAY, drafted, press
from catalogue.models import ItemKind, ServiceItem
from core.models import AuditEntry
from tests.cast import TZ

pytestmark = [pytest.mark.django_db, pytest.mark.clock(TODAY)]
URL = "/campaigns/new/"


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    return client


def test_five_notices_are_offered_each_with_its_rules_in_a_line(office):
    cards = office.get(URL).context["cards"]
    assert [card["notice"] for card in cards] == [
        "抚政办发〔2016〕2号",
        "牡丹江作风整顿办〔2018〕13号",
        "湖南省政务局简报第38期",
        "蓝田县2022年5月25日方案",
        "乌审旗2023年3月14日方案",
    ]
    assert cards[1]["summary"] == (
        "主要负责同志活动期间至少体验 1 次；一次性报送；一律暗访；"
        "全部审批和公共服务事项，每项至少体验 1 次。活动：走流程。"
    )
    assert all(card["summary"] in office.get(URL).text for card in cards)


def test_name_code_and_days_are_filled_in_beforehand(office):
    initial = office.get(f"{URL}?template=lantian-2022").context["form"].initial
    assert initial == {
        "name": "青禾县常态化开展“一把手走流程、坐窗口、跟执法、处投诉”活动",
        # QH2022 stands already.
        "code": "QH2022-2",
        "start": date(2022, 6, 8),
        "end": date(2022, 12, 31),
    }


@pytest.mark.parametrize(
    ("template", "today", "end"),
    [
        ("mudanjiang-2018", date(2022, 6, 8), date(2022, 6, 20)),
        ("wushen-2023", date(2022, 6, 8), date(2022, 7, 10)),
        ("fushun-2016", date(2022, 10, 2), date(2022, 12, 31)),
        ("fushun-2016", date(2022, 10, 3), date(2023, 12, 31)),
    ],
)
def test_a_one_off_lasts_as_long_as_its_notice_a_standing_one_to_the_end_of_a_year(
    office,
    cast,
    template,
    today,
    end,
):
    with time_machine.travel(datetime(today.year, today.month, today.day, 9, tzinfo=TZ), tick=False):
        office.force_login(cast.office)
        assert office.get(f"{URL}?template={template}").context["form"].initial["end"] == end


def test_the_filled_in_form_needs_no_typing(office):
    answer = press(office, f"{URL}?template=wushen-2023")
    assert answer.redirect_chain == [("/campaigns/QH2022-2/setup/", 302)]
    made = Campaign.objects.get(code="QH2022-2")
    assert (made.state, made.template, made.issued_at) == ("draft", "wushen-2023", None)
    assert (made.roster.count(), made.receivers.count()) == (4, 1)
    assert AuditEntry.objects.filter(action="campaign.drafted", object_key="QH2022-2").exists()


def test_twice_pressed_is_one_campaign(office):
    press(office, f"{URL}?template=wushen-2023", idempotency_key="same")
    press(office, f"{URL}?template=wushen-2023", idempotency_key="same", code="QH2022-2")
    assert Campaign.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"code": "QH/1"}, "code", "活动代码“QH/1”不可用"),
        ({"code": "new"}, "code", "活动代码“new”不可用"),
        ({"code": "QH2022"}, "code", "该代码已被使用，请换一个"),
        ({"name": ""}, "name", "请填写活动名称。"),
        ({"end": "2022-06-07"}, "end", "结束日期早于开始日期。"),
        ({"start": "0001-01-01"}, "start", "日期应在 2000 年至 2098 年之间。"),
        ({"start": "昨天"}, "start", "日期应形如 2022-06-20。"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_the_rest_is_kept(office, given, field, words):
    answer = press(office, f"{URL}?template=wushen-2023", document_number="青政〔2022〕9号", **given)
    assert answer.status_code == 400
    assert words in answer.context["form"].errors[field][0]
    assert 'value="青政〔2022〕9号"' in answer.text
    assert Campaign.objects.count() == 1


def test_a_template_nobody_has_is_absent(office):
    assert office.get(f"{URL}?template=../../etc/passwd").status_code == 404


@pytest.mark.parametrize("persona", ["principal", "lead", "supervisor", "sysadmin"])
def test_only_an_office_drafts(client, cast, persona):
    client.force_login(getattr(cast, persona))
    assert client.get(URL).status_code == 403
    assert "新建活动" not in client.get("/campaigns/").text


def test_a_draft_shows_in_the_list_of_its_office_alone_and_opens_where_it_is_worked_on(office, cast):
    press(office, f"{URL}?template=wushen-2023")
    page = office.get("/campaigns/")
    assert 'href="/campaigns/QH2022-2/setup/"' in page.text
    assert "起草" in page.text
    for persona in ("principal", "supervisor", "office_city", "office_other_county"):
        office.force_login(getattr(cast, persona))
        assert "QH2022-2" not in office.get("/campaigns/").text
        assert office.get("/campaigns/QH2022-2/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/walks/", "/issues/", "/reports/", "/campaigns/QH2022/"])
def test_the_other_pages_of_the_office_stand_while_a_campaign_is_drafted(office, path):
    press(office, f"{URL}?template=wushen-2023")
    assert office.get(path).status_code == 200


def test_a_draft_has_no_figures(office):
    press(office, f"{URL}?template=wushen-2023")
    assert "QH2022-2" not in office.get("/reports/").text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_many_campaigns_stand(office, rows, django_assert_num_queries):
    for _ in range(rows):
        press(office, f"{URL}?template=wushen-2023")
    office.get(f"{URL}?template=lantian-2022")
    with django_assert_num_queries(8):
        office.get(f"{URL}?template=lantian-2022")


def test_w23_begins_with_the_units_that_lead_a_bundle_or_with_all_until_one_is_known(cast):
    assert drafted(cast, template="wushen-2023", code="W1").roster.count() == 4
    ServiceItem.objects.create(
        department=cast.second_unit, name="新生儿出生一件事", kind=ItemKind.BUNDLE, search_text=""
    )
    entry = drafted(cast, template="wushen-2023", code="W2").roster.get()
    assert entry.department == cast.second_unit
