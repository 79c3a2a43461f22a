"""Saved filters, remembered columns, sets of columns for the export: words of one person, rows of the reader."""

import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from core.exceptions import NotAllowed, Refused, StaleVersion
from core.models import AuditEntry
from issues.domain import saved
from issues.enums import Audience, SavedKind
from issues.models import SavedView
from issues.tables import filter_query
from tests.cast import NOON, county_with

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STATES = ("registered", "assigned", "rectifying")


@pytest.fixture
def cast(clock, db):
    return county_with(STATES)[0]


def keep(user, name: str, query: str = "state=open", **more) -> SavedView:
    return saved.save(user=user, kind=SavedKind.FILTER, name=name, query=filter_query(query), now=NOON, **more)


def tabs(client, user, query: str = "") -> dict[str, dict]:
    client.force_login(user)
    return {tab["label"]: tab for tab in client.get(f"{reverse('issues')}?{query}").context["tabs"]}


def sheet_of(response) -> list[str]:
    """The headings of the workbook sent."""
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    rows = [[str(cell.value) for cell in row if cell.value] for row in book.active.iter_rows()]
    return next(row for row in rows if row[0] == "序号")


def test_a_filter_saved_on_the_page_is_a_tab_with_a_live_count(client, cast):
    client.force_login(cast.office)
    url = f"{reverse('issues_view_add', args=['filter'])}?list=state%3Dassigned%26cols%3Dunit%26page%3D1"
    page = client.get(url)
    assert "状态：待签收" in page.text
    key = page.context["form"]["idempotency_key"].value()
    data = {"name": "盯签收", "audience": "own:", "idempotency_key": key}
    for _ in range(2):
        assert client.post(url, data)["Location"] in ("/issues/?state=assigned", reverse("issues_views"))
    tab = tabs(client, cast.office)["盯签收"]
    assert (tab["count"], tab["active"], tab["url"]) == ("1", False, "?state=assigned")
    here = tabs(client, cast.office, "state=assigned")
    assert (here["盯签收"]["active"], here["全部"]["active"]) == (True, False)


def test_the_audit_tells_the_conditions_of_a_shared_filter_in_words(client, cast):
    client.force_login(cast.office)
    url = f"{reverse('issues_view_add', args=['filter'])}?list=state%3Dassigned%26overdue%3D1"
    shared = f"office:{cast.office_unit.pk}"
    assert client.post(url, {"name": "盯签收", "audience": shared, "idempotency_key": "a" * 32}).status_code == 302
    assert AuditEntry.objects.get(action="view.saved").detail["conditions"] == ["状态：待签收", "逾期：已逾期"]


def test_a_shared_filter_gives_each_reader_the_own_rows(client, cast):
    keep(cast.office, "全县未销号", audience=Audience.OFFICE, department=cast.office_unit.pk)
    counts = {name: tabs(client, cast.people[name])["全县未销号"]["count"] for name in ("office_second", "liaison")}
    counts["second_liaison"] = tabs(client, cast.people["second_liaison"])["全县未销号"]["count"]
    assert counts == {"office_second": "3", "liaison": "3", "second_liaison": "1"}
    for stranger in ("office_other_county", "namesake"):
        assert "全县未销号" not in tabs(client, cast.people[stranger])


def test_a_filter_with_a_condition_that_is_not_the_readers_is_no_tab(client, cast):
    keep(cast.office, "外单位", f"unit={cast.unit.pk}", audience=Audience.OFFICE, department=cast.office_unit.pk)
    assert tabs(client, cast.office)["外单位"]["count"]
    view = SavedView.objects.get()
    SavedView.objects.filter(pk=view.pk).update(query=f"unit={cast.namesake_unit.pk}")
    assert "外单位" not in tabs(client, cast.office)
    assert "条件不在您可选的范围内" in client.get(reverse("issues_views")).text


def test_what_a_unit_shares_its_people_have_and_change_nobody_else(client, cast):
    view = keep(cast.liaison, "本单位在办", audience=Audience.UNIT, department=cast.unit.pk)
    assert "本单位在办" in tabs(client, cast.principal)
    assert "本单位在办" in tabs(client, cast.responsible)
    assert "本单位在办" not in tabs(client, cast.second_liaison)
    assert client.get(reverse("issues_view", args=[view.public_id])).status_code == 404
    client.force_login(cast.responsible)
    assert client.get(reverse("issues_view", args=[view.public_id])).status_code == 403
    saved.rename(view=view, user=cast.principal, name="在办", version=view.version, now=NOON)
    assert "在办" in tabs(client, cast.liaison)
    with pytest.raises(StaleVersion, match="测试principal"):
        saved.rename(view=view, user=cast.liaison, name="又改", version=1, now=NOON)
    saved.remove(view=view, user=cast.principal)
    assert "在办" not in tabs(client, cast.liaison)
    steps = AuditEntry.objects.filter(object_type="view").order_by("seq").values_list("action", flat=True)
    assert list(steps) == ["view.saved", "view.renamed", "view.removed"]


def test_nobody_shares_in_the_name_of_others(cast, subtests):
    for who, audience, unit in (
        ("liaison", Audience.UNIT, cast.second_unit),
        ("liaison", Audience.OFFICE, cast.unit),
        ("responsible", Audience.UNIT, cast.unit),
        ("supervisor", Audience.OFFICE, cast.office_unit),
    ):
        with subtests.test(f"{who} {audience}"), pytest.raises(NotAllowed, match="没有保存"):
            keep(cast.people[who], "越权", audience=audience, department=unit.pk)
    view = keep(cast.liaison, "我的")
    with pytest.raises(NotAllowed, match="由他人保存"):
        saved.remove(view=view, user=cast.principal)
    assert not saved.saved_for(cast.principal).exists()
    with pytest.raises(NotAllowed):
        keep(cast.auditor, "三员")


def test_names_are_told_apart_conditions_are_asked_for_and_there_is_a_limit(cast):
    for number in range(saved.MOST[Audience.OWN]):
        keep(cast.liaison, f"视图{number}")
    with pytest.raises(Refused, match="已有 8 个常用筛选"):
        keep(cast.liaison, "第九个")
    for name, query, words in (("视图", "", "没有任何条件"), ("  ", "state=open", "请写明名称")):
        with pytest.raises(Refused, match=words):
            keep(cast.office, name, query)
    keep(cast.office, "同名")
    with pytest.raises(Refused, match="已有名为“同名”的"):
        keep(cast.office, "同名")


def test_deleting_asks_first_and_a_filter_without_conditions_is_not_offered(client, cast):
    view = keep(cast.office, "共用", audience=Audience.OFFICE, department=cast.office_unit.pk)
    client.force_login(cast.office)
    url = reverse("issues_view_remove", args=[view.public_id])
    assert url in client.get(reverse("issues_view", args=[view.public_id])).text
    asked = client.get(url)
    assert "其他人也不再看到" in asked.text
    assert saved.saved_for(cast.office).exists()
    client.post(url, {"idempotency_key": asked.context["form"]["idempotency_key"].value()})
    assert not saved.saved_for(cast.office).exists()
    add = reverse("issues_view_add", args=["filter"])
    for query, offered in (("", False), ("sort=number", False), ("tab=closed", True)):
        assert ('id="saved-form"' in client.get(add, {"list": query}).text) == offered


def test_a_number_of_a_person_stands_in_no_saved_filter(cast):
    view = keep(cast.office, "查号码", "q=13812345678")
    assert view.query == "q=138%2A%2A%2A%2A5678"


def test_columns_are_remembered_until_the_usual_ones_are_asked_for(client, cast):
    client.force_login(cast.office)
    url = reverse("issues_columns")

    def shown():
        return [column.key for column in client.get(reverse("issues")).context["columns"]]

    usual = shown()
    assert client.post(url, {"cols": ["unit", "phone"], "idempotency_key": "a" * 32}).status_code == 302
    assert shown() == ["number", "description", "unit", "phone"]
    asked = client.get(reverse("issues"), {"cols": "person"}).context["columns"]
    assert [column.key for column in asked] == ["number", "description", "person"]
    assert client.post(url, {"idempotency_key": "b" * 32}).status_code == 302
    assert shown() == usual


def test_the_export_takes_the_columns_of_the_page_or_of_a_set_when_asked(client, cast):
    client.force_login(cast.office)
    made = saved.save(
        user=cast.office, kind=SavedKind.COLUMNS, name="周报", columns=["state", "unit"], now=timezone.now()
    )
    annex = sheet_of(client.get(reverse("issues_export")))
    assert len(annex) >= 20
    shown = client.get(reverse("issues_export"), {"book": "shown", "cols": ["found_by", "chases"]})
    assert sheet_of(shown) == ["序号", "问题编号", "存在问题", "发现单位", "催办次数"]
    chosen = client.get(reverse("issues_export"), {"book": str(made.public_id)})
    assert "自选列" in chosen.headers["Content-Disposition"] or "%E8%87%AA" in chosen.headers["Content-Disposition"]
    assert sheet_of(chosen) == ["序号", "问题编号", "存在问题", "责任单位", "状态"]
    client.force_login(cast.office_second)
    assert client.get(reverse("issues_export"), {"book": str(made.public_id)}).status_code == 404


@pytest.mark.parametrize("filters", [1, 4])
def test_counts_of_saved_filters_take_no_further_query(client, cast, django_assert_num_queries, filters):
    for number in range(filters):
        keep(cast.office, f"视图{number}")
    tabs(client, cast.office)
    with django_assert_num_queries(11):
        client.get(reverse("issues"))
