"""Items under the words that offices use, and units that only seem to be new."""

import pytest

from accounts.domain.unit_imports import import_units
from accounts.models import Department
from catalogue.domain.imports import import_items
from catalogue.models import ITEM_KIND_WORDS, ItemKind
from core.text import normalize_text

REGION = "青禾县"


@pytest.fixture
def county(db, tmp_path):
    path = tmp_path / "单位.csv"
    path.write_text("序号,单位名称\n1,县民政局\n", encoding="utf-8")
    assert import_units(path=path, region_name=REGION).errors == []
    return {unit.name: unit for unit in Department.objects.all()}


def test_an_import_of_items_makes_no_unit_like_an_existing_one(county, tmp_path):
    path = tmp_path / "事项.csv"
    path.write_text("序号,事项名称,主管部门\n1,婚姻登记,县民证局\n2,预算公开,县财政局\n", encoding="utf-8")
    [error] = import_items(path=path, region_name=REGION, create_missing=True).errors
    assert (error.row, "名称与县民政局相近" in error.message) == (2, True)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("行政许可", ItemKind.APPROVAL), ("行政备案", ItemKind.APPROVAL), ("其他行政权力", ItemKind.APPROVAL),
        ("公共服务", ItemKind.PUBLIC_SERVICE), ("行政处罚", ItemKind.ENFORCEMENT), ("一件事", ItemKind.BUNDLE),
    ],
)  # fmt: skip
def test_items_come_in_under_the_official_terms(county, tmp_path, word, kind):
    path = tmp_path / "事项.csv"
    path.write_text(f"序号,事项名称,主管部门,事项类型\n1,婚姻登记,县民政局,{word}\n", encoding="utf-8")
    assert import_items(path=path, region_name=REGION).errors == []
    assert [item.kind for item in county["县民政局"].items.all()] == [kind]


def test_an_unknown_term_offers_the_nearest(county, tmp_path):
    path = tmp_path / "事项.csv"
    path.write_text("序号,事项名称,主管部门,事项类型\n1,婚姻登记,县民政局,行政许可类\n", encoding="utf-8")
    [error] = import_items(path=path, region_name=REGION).errors
    assert "相近的有：行政许可（审批）" in error.message


def test_no_word_contradicts_a_label():
    labels = {normalize_text(label): kind for kind, label in ItemKind.choices}
    assert all(labels.get(normalize_text(word), kind) == kind for word, kind in ITEM_KIND_WORDS.items())
