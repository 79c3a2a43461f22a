"""Cleaning, folding for search, pinyin initials, masking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import clean, mask_phone, normalize_text, quoted, search_text

FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("抚政办发〔2016〕2号", "抚政办发［2016］2号"),
        ("ＱＨ２０２２－０００１", "qh2022-0001"),
        ("“一把手”走流程", '"一把手"走流程'),
        ("  县  民政局 ", "县 民政局"),
        ("【结婚】登记", "[结婚]登记"),
    ],
)
def test_width_case_brackets_and_quotes_make_no_difference(typed, stored):
    assert normalize_text(typed) == normalize_text(stored)


def test_quotation_marks_within_a_quoted_name_become_single_ones():
    assert quoted("“一把手走流程”活动") == "“‘一把手走流程’活动”"


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert normalize_text(normalize_text(text)) == normalize_text(text)


@given(st.text("县民政局办事Ab1(", min_size=1, max_size=60))
def test_whatever_was_typed_is_found_in_what_was_stored(text):
    typed = normalize_text(f" {text.swapcase().translate(FULL_WIDTH)} ")
    assert len(typed) == len(text)
    assert typed in search_text("乙", text)


@pytest.mark.parametrize(("text", "initials"), [("县发改委", "xfgw"), ("结婚登记", "jhdj"), ("行政审批局", "xzspj")])
def test_pinyin_initials_are_part_of_the_search_text(text, initials):
    assert initials in search_text(text).splitlines()


def test_search_text_is_bounded():
    assert len(search_text("办" * 9000, "事" * 9000)) <= 2000


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\x00b\x07c", "abc"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("x\ud800y", "x\ufffdy"),
        ("𠮷田𬭎👍", "𠮷田𬭎👍"),
        ("制\u202egpj.exe", "制gpj.exe"),
        ("列\t一", "列\t一"),
    ],
)
def test_clean_keeps_words_and_drops_what_may_not_be_stored(raw, kept):
    assert clean(raw) == kept


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13812345678", "138****5678"), ("029-82721234", "029-****1234"), ("", ""), ("未留", "未留")],
)
def test_phones_are_masked(phone, masked):
    assert mask_phone(phone) == masked
