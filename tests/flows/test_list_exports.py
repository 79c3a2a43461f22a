"""Lists that were on a screen only: their workbook holds the rows of the page, and no covert walk."""

import io

import openpyxl
import pytest
from django.urls import reverse

from campaigns.models import PoolItem
from core.idempotency import new_key
from core.models import AuditEntry
from tests.cast import PASSWORD, covert_walk, issue_in, open_walk, reported_walk

pytestmark = pytest.mark.django_db


def cells(response) -> list[list]:
    """The rows below the headings, without 序号; the last of them may be a foot."""
    assert response.status_code == 200, response.content[:200]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(place for place, row in enumerate(rows) if row[0] == "序号")
    return [row[1:] for row in rows[head + 1 :] if isinstance(row[0], int)]


def test_the_walks_of_a_tab_are_taken_out_in_its_order(client, cast):
    reported_walk(cast)
    client.force_login(cast.principal)
    [row] = cells(client.get("/walks/export/?tab=reported"))
    assert row[1:4] == ["县民政局", "结婚登记", "测试principal"]
    assert AuditEntry.objects.get(action="walks.exported").detail == {"rows": 1, "conditions": "已报送"}


def test_a_covert_walk_is_in_no_file_before_it_is_reported(client, cast):
    covert_walk(cast)
    open_walk(cast)
    client.force_login(cast.principal)
    assert client.get("/walks/?tab=all").context["page"].total == 2
    assert len(cells(client.get("/walks/export/?tab=all"))) == 1


def test_the_rows_behind_a_figure_are_those_of_its_page(client, cast):
    issue = issue_in(cast, "rectifying")
    client.force_login(cast.office)
    page = client.get(f"/reports/{cast.campaign.code}/2022-06/rows/issues_found/")
    assert f"/reports/{cast.campaign.code}/2022-06/rows/issues_found/export/" in page.text
    [row] = cells(client.get(f"/reports/{cast.campaign.code}/2022-06/rows/issues_found/export/"))
    assert (row[0], row[-1]) == (issue.number, "整改中")
    assert cells(client.get(f"/reports/{cast.campaign.code}/2022-06/rows/issues_found/export/?category=无此类")) == []


def test_units_without_a_plan_and_ones_own_notices_are_taken_out(client, cast):
    issue_in(cast, "assigned")
    client.force_login(cast.second_liaison)
    [notice] = cells(client.get("/notices/export/"))
    assert notice[2] == "未读"
    client.force_login(cast.office)
    missing = client.get("/plans/?tab=missing").context["missing"]
    assert [row[0] for row in cells(client.get("/plans/export/?tab=missing"))] == [one["department"] for one in missing]


def test_the_list_of_items_and_what_waits_to_be_released_are_taken_out(client, cast):
    row = {"campaign": cast.campaign, "item": cast.item, "provenance": "leader", "note": "点题"}
    PoolItem.objects.create(added_by=cast.office, **row)
    client.force_login(cast.office)
    assert (
        reverse("pool_export", args=[cast.campaign.code]) in client.get(reverse("pool", args=[cast.campaign.code])).text
    )
    assert cells(client.get(reverse("pool_export", args=[cast.campaign.code])))[0][0] == "结婚登记"
    issue_in(cast, "rectifying")
    asked = {"reason": "报送市营商办", "password": PASSWORD, "idempotency_key": new_key()}
    client.post("/issues/export/?unmasked=1", asked)
    client.force_login(cast.office_second)
    assert reverse("export_releases_export") in client.get(reverse("export_releases")).text
    [row] = cells(client.get(reverse("export_releases_export")))
    assert (row[1], row[4], row[5]) == (1, "报送市营商办", "含未遮盖号码")
