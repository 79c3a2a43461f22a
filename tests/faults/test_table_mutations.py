"""Guards of reading tables: each is removed once, and its proof must fail without it."""

import csv
from contextlib import ExitStack
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.domain.imports import import_people
from accounts.domain.unit_imports import import_units
from accounts.models import User
from core import table_reader
from core.exceptions import Refused
from core.tabular import WORKDAYS, Row, Shape, read_table
from core.tabular.cells import LOST_DIGITS
from core.uploads import TableBusy, on_disk
from tests.faults.fault import FAILED

pytestmark = pytest.mark.django_db

DATA = settings.BASE_DIR / "tests" / "data"
GOOD = DATA / "tables" / "B08_min.csv"
REGION = "青禾县"
READER = csv.reader


def no_file_is_opened_inside_a_transaction():
    with transaction.atomic(), pytest.raises(RuntimeError):
        read_table(GOOD, Shape(("序号",)))


def a_second_table_of_one_person_is_not_read():
    user = User.objects.create_user(username="yi", name="测试甲")

    def table():
        return SimpleUploadedFile("表.csv", GOOD.read_bytes())

    with on_disk(table(), reader=user), pytest.raises(TableBusy), on_disk(table(), reader=user):
        pass


def a_cell_far_away_is_refused_before_the_sheet_is_laid_out():
    with pytest.raises(Refused) as refused:
        read_table(DATA / "hostile" / "kill.xlsx", Shape(("序号",)))
    assert "1048576 行" in refused.value.message


def a_quote_that_is_never_closed_takes_no_rows():
    """Asked of the child's own function, which a patch here reaches."""
    job = {"name": "表.csv", "max_rows": 9, "max_columns": 9}
    with pytest.raises(table_reader.UnusableTable):
        table_reader.read_csv('序号,名称\n1,"甲\n2,乙\n'.encode(), job)


def a_file_of_two_encodings_is_not_read_as_other_words():
    with pytest.raises(table_reader.UnusableTable):
        table_reader.decoded("序号,名称\n".encode() + "1,甲\n".encode("gb18030"), "表.csv")


def what_stands_in_a_numbered_row_is_data():
    table = read_table(DATA / "tables" / "B08c_total_word.xlsx", Shape(("序号", "责任单位", "工单数")))
    assert [row.number for row in table] == [2, 3]


def a_full_row_that_begins_like_a_signature_is_data(tmp_path):
    path = tmp_path / "事项.csv"
    path.write_text("序号,事项名称,主管部门\n,负责人变更登记：个体工商户,县市场监管局\n", encoding="utf-8")
    assert len(read_table(path, Shape(("序号", "事项名称", "主管部门"), required=("事项名称", "主管部门")))) == 1


def days_that_are_no_working_days_are_refused():
    row = Row(2, {"承诺时限(工作日)": "20个自然日"})
    assert row.whole("承诺时限(工作日)", units=WORKDAYS) is None


def a_code_that_lost_its_digits_is_no_code(tmp_path):
    path = tmp_path / "事项.csv"
    path.write_text("序号,事项编码\n1,1.13602E+17\n", encoding="utf-8")
    [row] = read_table(path, Shape(("序号", "事项编码"), codes=("事项编码",)))
    assert [error.message for error in row.errors] == [LOST_DIGITS]


def a_unit_like_an_existing_one_is_not_made(tmp_path):
    for name, text in (("旧.csv", "县民政局"), ("新.csv", "县民证局")):
        (tmp_path / name).write_text(f"序号,单位名称\n1,{text}\n", encoding="utf-8")
    assert import_units(path=tmp_path / "旧.csv", region_name=REGION).errors == []
    assert import_units(path=tmp_path / "新.csv", region_name=REGION).errors != []


def a_user_name_that_differs_by_case_is_refused(tmp_path):
    path = tmp_path / "单位.csv"
    path.write_text("序号,单位名称\n1,县民政局\n", encoding="utf-8")
    import_units(path=path, region_name=REGION)
    found = import_people(path=DATA / "tables" / "B20_same_people.xlsx", region_name=REGION).errors
    assert any("大小写" in error.message for error in found)


FAULTS = {
    no_file_is_opened_inside_a_transaction: {"core.child.require_no_transaction": lambda: None},
    a_second_table_of_one_person_is_not_read: {"core.uploads.fcntl.flock": lambda file, how: None},
    a_cell_far_away_is_refused_before_the_sheet_is_laid_out: {
        "core.tabular.sheets.MAX_ROWS": 2**24,
        "core.tabular.sheets.MAX_COLUMNS": 2**15,
    },
    a_quote_that_is_never_closed_takes_no_rows: {"core.table_reader.csv.reader": lambda text, strict: READER(text)},
    a_file_of_two_encodings_is_not_read_as_other_words: {"core.table_reader.is_begun_in_utf8": lambda data: False},
    what_stands_in_a_numbered_row_is_data: {
        "core.tabular.layout.non_data_kind": lambda own, line, head, shape: "合计" in own and "total"
    },
    a_full_row_that_begins_like_a_signature_is_data: {
        "core.tabular.layout._is_complete": lambda line, head, shape: False
    },
    days_that_are_no_working_days_are_refused: {"core.tabular.cells._NUMBER": r"(\d+).*(?:{units})?"},
    a_code_that_lost_its_digits_is_no_code: {"core.tabular.layout.has_lost_digits": lambda value: False},
    a_unit_like_an_existing_one_is_not_made: {"accounts.domain.unit_imports.alike": lambda one, other: False},
    a_user_name_that_differs_by_case_is_refused: {
        "accounts.domain.imports.UsernameSpelling.other": lambda self, username: "",
    },
}


def run(proof, tmp_path) -> None:
    proof(*[tmp_path] if proof.__code__.co_argcount else [])


@pytest.mark.parametrize("proof", FAULTS, ids=lambda proof: proof.__name__)
def test_every_proof_holds(proof, tmp_path):
    run(proof, tmp_path)


@pytest.mark.parametrize(("proof", "removed"), FAULTS.items(), ids=lambda one: getattr(one, "__name__", "without"))
def test_every_proof_fails_without_its_guard(proof, removed, tmp_path):
    with ExitStack() as without:
        for target, new in removed.items():
            without.enter_context(patch(target, new))
        with pytest.raises(FAILED):
            run(proof, tmp_path)
