"""What the pages of setting up say beside the contradictions: hints, units that are no more, dates that stand."""

from datetime import date

import pytest

from accounts.enums import DepartmentKind
from accounts.models import Department
from campaigns.domain.lifecycle import issue
from campaigns.domain.setup import hints_of, working_version
from campaigns.models import Campaign, Receiver
from campaigns.tests.setup_page import DRAFT, TODAY, drafted, press
from catalogue.models import ItemKind, ServiceItem
from core.exceptions import Refused
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.clock(TODAY)]
QH = "/campaigns/QH2022/"
LATE = "12月21日至12月31日的体验在最后一期（至12月20日）之后，没有报送期限"


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    client.campaign = drafted(cast)
    return client


def hinted(campaign) -> list[str]:
    return [one.message for one in hints_of(campaign, working_version(campaign)[1])]


@pytest.mark.parametrize("page", ["setup", "preview", "issue", "rules/reporting"])
def test_days_without_a_report_are_a_hint_wherever_the_office_looks_and_stop_nothing(office, page):
    assert LATE in office.get(f"{DRAFT}{page}/").text
    assert LATE not in office.get(f"{DRAFT}rules/rectification/").text
    issue(campaign=office.campaign, actor=None)
    assert LATE not in office.get(f"{DRAFT}setup/").text


def test_the_preview_says_what_holds_for_a_period_cut_by_the_window(office, cast):
    words = "首尾不足一期的"
    assert words in office.get(f"{DRAFT}preview/").text
    assert words in office.get(f"{DRAFT}issue/").text
    drafted(cast, "mudanjiang-2018", code="M1")
    assert words not in office.get("/campaigns/M1/preview/").text


def test_a_bundle_that_nobody_leads_here_and_a_list_still_empty(cast):
    campaign = drafted(cast, "wushen-2023", code="W1")
    assert hinted(campaign) == ["要求体验每一项“一件事”，但本区域还没有这类事项，请先导入事项"]
    ServiceItem.objects.create(department=cast.unit, name="新生儿出生", kind=ItemKind.BUNDLE)
    assert hinted(campaign) == []
    assert hinted(drafted(cast, "hunan-2022", code="H1")) == ["必走事项清单还是空的，请在“必走事项清单”列入事项"]


@pytest.mark.parametrize(("template", "queries"), [("lantian-2022", 0), ("hunan-2022", 1)])
def test_hints_cost_one_query_at_most(cast, template, queries, django_assert_num_queries):
    campaign = drafted(cast, template, code="X1")
    rules = working_version(campaign)[1]
    with django_assert_num_queries(queries):
        hints_of(campaign, rules)


# --- receivers that are no more -------------------------------------------------------------


def test_a_receiving_unit_abolished_meanwhile_stops_issuing_by_name(office, cast):
    Department.objects.filter(name="县司法局", region=cast.county).update(is_active=False)
    answer = office.get(f"{DRAFT}setup/")
    assert [one["message"] for one in answer.context["faults"]] == ["接收单位“县司法局”已撤销，请另选"]
    with pytest.raises(Refused, match="县司法局"):
        issue(campaign=office.campaign, actor=cast.office)


def test_so_does_the_unit_it_would_be_handed_on_to(office, cast):
    Receiver.objects.filter(campaign=office.campaign).update(then=cast.second_unit)
    Department.objects.filter(pk=cast.second_unit.pk).update(is_active=False)
    assert [one["message"] for one in office.get(f"{DRAFT}setup/").context["faults"]] == [
        f"接收单位“{cast.second_unit.name}”已撤销，请另选"
    ]


def test_a_roster_of_abolished_units_is_an_empty_one(office, cast):
    office.campaign.roster.exclude(department=cast.unit).delete()
    Department.objects.filter(pk=cast.unit.pk).update(is_active=False)
    assert "名单上没有单位" in [one["message"] for one in office.get(f"{DRAFT}setup/").context["faults"]]


# --- dates and the paper --------------------------------------------------------------------


def test_saving_the_days_tells_which_fixed_dates_stand_and_where_to_change_them(client, cast):
    campaign = drafted(cast, "mudanjiang-2018")
    client.force_login(cast.office)
    press(client, f"{DRAFT}head/", end="2022-12-20")
    answer = press(client, f"{DRAFT}head/", end="2023-06-30")
    assert "规则中的固定日期现在是：体验截止 2022年12月20日、报送 2022年12月25日。" in answer.text
    assert "请到“体验频次与时间”和“报送与汇总”。" in answer.text
    assert "体验截止日期 2022-12-20 比活动结束日期 2023-06-30 早 192 天" in answer.text
    assert hinted(Campaign.objects.get(pk=campaign.pk)) != []


def test_rules_without_fixed_dates_say_nothing_of_them(office):
    assert "固定日期现在是" not in press(office, f"{DRAFT}head/", end="2022-12-20").text


def test_the_number_of_the_paper_is_entered_after_issuing_and_audited_the_rest_is_locked(client, cast):
    client.force_login(cast.office)
    before = Campaign.objects.get(code="QH2022")
    page = client.get(f"{QH}head/")
    assert set(page.context["form"].fields) == {
        "document_number", "document_dated_on", "letterhead", "idempotency_key", "seen"
    }  # fmt: skip
    given = {"document_number": "青营商办〔2022〕3号", "document_dated_on": "2022-05-25", "letterhead": "县营商办文件"}
    answer = press(client, f"{QH}head/", **given, name="别的名称", start="2022-06-01")
    assert "青营商办〔2022〕3号" in answer.text
    assert "2022年5月25日" in answer.text
    after = Campaign.objects.get(code="QH2022")
    assert (after.document_number, after.document_dated_on) == ("青营商办〔2022〕3号", date(2022, 5, 25))
    assert after.letterhead == "县营商办文件"
    assert (after.name, after.starts_on) == (before.name, before.starts_on)
    entry = AuditEntry.objects.get(action="campaign.document_set")
    assert entry.detail == {"from": "", "to": "青营商办〔2022〕3号，2022-05-25，县营商办文件"}
    press(client, f"{QH}head/", **given)
    assert AuditEntry.objects.filter(action="campaign.document_set").count() == 1


def test_one_of_several_offices_of_the_region_may_be_named_as_publisher(client, cast):
    client.force_login(cast.office)
    second = Department.objects.create(region=cast.county, name="县政府督查办", kind=DepartmentKind.OFFICE, order=1)
    elsewhere = Department.objects.create(region=cast.other_county, name="邻县办", kind=DepartmentKind.OFFICE)
    assert "没有这个统筹单位" in press(client, f"{QH}head/", publisher_id=elsewhere.pk).text
    assert "由谁印发" in press(client, f"{QH}head/", publisher_id=second.pk).text
    assert Campaign.objects.get(code="QH2022").publisher == second
    entry = AuditEntry.objects.get(action="campaign.document_set")
    assert entry.detail == {"from": "", "to": "由县政府督查办印发"}
    press(client, f"{QH}head/", publisher_id="")
    assert Campaign.objects.get(code="QH2022").publisher is None


@pytest.mark.parametrize(("field", "given"), [("document_dated_on", "9999-12-31"), ("end", "2100-01-01")])
def test_a_day_no_campaign_can_have_is_refused_at_its_field(office, field, given):
    answer = press(office, f"{DRAFT}head/", **{field: given})
    assert answer.status_code == 400
    assert answer.context["form"].errors[field] == ["日期应在 2000 年至 2098 年之间。"]


def test_the_receivers_of_a_draft_are_saved_without_a_word_about_walks(office, cast):
    assert "已经开始的体验" not in press(office, f"{DRAFT}receivers/").text
    changed = {"r0_0": str(cast.unit.pk), "since": "2022-07-01", "reason": "机构改革"}
    assert "已经开始的体验" in press(office, f"{QH}receivers/", **changed).text
