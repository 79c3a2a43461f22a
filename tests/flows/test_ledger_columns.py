"""One list of columns: what is added to it is on the page, in the workbook, in the API and in the document."""

import io

import openpyxl
import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from issues import columns
from issues.columns import LEDGER, LedgerColumn
from issues.models import Issue
from tests.cast import build_cast, issue_in
from walkthrough import docs

pytestmark = pytest.mark.django_db


@pytest.fixture
def added(monkeypatch):
    column = LedgerColumn("referred_to", "转送单位", width=14, export=True)
    monkeypatch.setattr(columns, "LEDGER", (*LEDGER, column))
    return column


def test_a_column_added_to_the_list_appears_in_all_four(client, added):
    cast = build_cast()
    issue = issue_in(cast, "referred")
    client.force_login(cast.office)
    page = client.get(reverse("issues") + "?cols=referred_to").content.decode()
    assert '<td class="" data-label="转送单位">市民政局</td>' in page
    assert '<input type="checkbox" name="cols" value="referred_to" checked>' in page
    content = b"".join(client.get(reverse("issues_export")).streaming_content)
    cells = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()]
    # The last two columns are those of the round trip.
    assert [row[-3] for row in cells if row[0] in ("序号", 1)] == ["转送单位", "市民政局"]
    caller = APIClient()
    caller.force_authenticate(cast.office)
    assert caller.get(reverse("api-issue-detail", args=[issue.number])).json()["referred_to"] == "市民政局"
    row = "| 转送单位 | `referred_to` | text | 14 | `referred_to` | on request | — | yes | `referred_to` |"
    assert row in docs.documents()["docs/ledger-columns.md"]


def test_the_keys_of_the_list_are_its_own_and_its_paths_exist():
    keys = [column.key for column in LEDGER]
    assert len(set(keys)) == len(keys)
    assert sorted(column.key for column in columns.page_columns()) == sorted(keys)
    assert list(Issue.objects.values(*columns.row_paths())) == []
