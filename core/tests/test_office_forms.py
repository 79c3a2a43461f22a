"""A form an office brought: filled in a limited child, refused in words, and unable to do more than hold text."""

import io
from dataclasses import replace

import docx
import openpyxl
import pytest
from django.db import transaction

from core import docx_filler, office_forms, xlsx_filler
from core.child import InTransaction
from core.exceptions import Refused
from core.form_package import UnusableForm
from core.office_forms import fill_form
from core.tests import forms
from core.tests.forms import JOB, LISTED, VALUES, drawn, excel, in_body, linked, replaced, ruled, with_part, word

GOOD = word("{{ 标题 }}", "{{ 段落 }}")
FIELD = "<w:r><w:instrText>{}</w:instrText></w:r>"
MARKED = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def refusal(filled, form: bytes, values: dict) -> UnusableForm:
    with pytest.raises(UnusableForm) as refused:
        filled(form, values, JOB)
    return refused.value


def words(content: bytes) -> list[str]:
    return [one.text for one in docx.Document(io.BytesIO(content)).paragraphs if one.text]


def test_a_form_of_another_program_is_filled_in_the_child_and_kept():
    form = (forms.FOLDER / "office.docx").read_bytes()
    values = VALUES | {
        "主送机关": "县营商办", "活动开展情况": ["活动一。", "活动二。"], "发现的主要问题": ["问题。"], "发现问题": "9",
        "已销号": "4", "署名": "县营商办", "日期": "2022年6月20日",
    }  # fmt: skip
    first = fill_form("docx", form, values)
    said = words(first.content)
    assert said[0] == "甲<w:p/>{{ 标题 }}"
    assert "活动一。" in said
    assert "活动二。" in said, "each paragraph of a chapter is one of the paper"
    assert "共发现问题9个，已销号4个。" in said
    [table] = docx.Document(io.BytesIO(first.content)).tables
    assert [[cell.text for cell in row.cells] for row in table.rows][1:] == [["甲局", "3"], ["乙局", "0"]]
    assert fill_form("docx", form, dict(reversed(values.items()))) is first, "the same values are not filled twice"


def test_same_form_and_values_are_the_same_bytes():
    assert docx_filler.filled(GOOD, VALUES, JOB) == docx_filler.filled(GOOD, VALUES, JOB)
    assert xlsx_filler.filled(excel(), LISTED, JOB) == xlsx_filler.filled(excel(), LISTED, JOB)


@pytest.mark.django_db
def test_no_child_is_started_inside_a_transaction():
    with transaction.atomic(), pytest.raises(InTransaction):
        fill_form("docx", word("{{ 标题 }}不曾填写"), VALUES)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("{{ 标提 }}", "正文第1段", "没有“标提”这个字段。相近的有：标题"),
        ("{{ 标题 }", "正文第1段", "没有写完整"),
        ("{% for 行 in 单位表 %}{{ 行.数目 }}{% endfor %}", "{{ 行.数目 }}", "没有“数目”这一栏"),
        ("{% for 行 in 单位表 %}{{ 行.单位 }}", "{% for 行 in 单位表 %}", "没有写结束标记"),
        ("{% endif %}", "正文第1段", "没有与它对应的开始标记"),
        ("{% if 标题 %}{% if 标题 %}{% if 标题 %}{% if 标题 %}{% if 标题 %}", "正文第1段", "最多套 4 层"),
        ("{{ 标题 + }}", "{{ 标题 + }}", "不能这样写，字段写作“{{ 字段名 }}”"),
        ("{{ ''.__class__.__mro__ }}", "正文第1段", "没有“__mro__”这一栏"),
        ("{{r 标题 }}", "正文第1段", "请写成“{{ 标题 }}”"),
        ("{{p 标题 }}", "正文第1段", "请写成“{{ 标题 }}”"),
    ],
)
def test_a_bad_placeholder_is_named_with_its_place(text, place, said):
    found = "；".join(refusal(docx_filler.filled, word(text), VALUES).found)
    assert place in found
    assert said in found


def test_a_mark_in_a_text_box_is_looked_at_too():
    box = "<w:txbxContent><w:p><w:r><w:t>{{r</w:t></w:r><w:r><w:t> 标题 }}</w:t></w:r></w:p></w:txbxContent>"
    [found] = refusal(docx_filler.filled, in_body(word("{{ 标题 }}"), box), VALUES).found
    assert found.startswith("文本框、脚注等处“{{r 标题 }}”：")


def test_two_loops_may_use_one_name_and_each_knows_its_own_columns():
    values = VALUES | {"事项表": [{"事项": "收养登记"}], "空表": []}
    loops = ("单位表", "行.单位"), ("事项表", "行.事项"), ("空表", "行.何物")
    good = [f"{{% for 行 in {rows} %}}{{{{ {name} }}}}{{% endfor %}}" for rows, name in loops]
    assert words(docx_filler.filled(word(*good), values, JOB)[0]) == ["甲局乙局", "收养登记"]
    good[1] = good[1].replace("行.事项", "行.单位")
    [found] = refusal(docx_filler.filled, word(*good), values).found
    assert found == "正文第2段“{{ 行.单位 }}”：“行”没有“单位”这一栏"
    [found] = refusal(docx_filler.filled, word(good[0], "{{ 行.单位 }}"), values).found
    assert found.startswith("正文第2段“{{ 行.单位 }}”：没有“行”这个字段")


def test_a_loop_may_stand_in_a_merged_row():
    paper, file = docx.Document(), io.BytesIO()
    table = paper.add_table(3, 6)
    for row, mark in ((0, "{%tr for 行 in 单位表 %}"), (2, "{%tr endfor %}")):
        table.cell(row, 0).merge(table.cell(row, 5)).text = mark
    table.cell(1, 0).text = "{{ 行.单位 }}"
    paper.save(file)
    content, _ = docx_filler.filled(file.getvalue(), VALUES, JOB)
    [made] = docx.Document(io.BytesIO(content)).tables
    assert [row.cells[0].text for row in made.rows] == ["甲局", "乙局"]


@pytest.mark.parametrize(
    "mark",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ 标题.__class__ }}",
        "{{ 标题['__class__'] }}",
        "{{ 标题|attr('__class__') }}",
        "{{ 标题.format.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ self._TemplateReference__context }}",
        "{{ 标题|safe }}",
        "{% autoescape false %}{{ 标题 }}{% endautoescape %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% set x = 1 %}",
        "{% macro a() %}{{ a() }}{% endmacro %}",
        "{% for a in range(10 ** 9) %}x{% endfor %}",
        "{{ 9 ** 9 ** 9 }}",
    ],
)
def test_a_template_does_nothing_but_name_loop_and_choose(mark):
    assert refusal(docx_filler.filled, word(mark), VALUES).code == "placeholder"


@pytest.mark.parametrize("kind", ["time", "memory"])
def test_a_loop_without_end_and_one_without_bounds_end_in_the_child(monkeypatch, kind):
    monkeypatch.setattr(office_forms, "LIMITS", replace(office_forms.LIMITS, cpu_seconds=3, wall_seconds=6))
    many = "标题 * 99999"
    text = {
        "time": "".join(f"{{% for {name} in {many} %}}" for name in "abcd") + "{% endfor %}" * 4,
        "memory": "{{ 标题 * 999999999 }}",
    }[kind]
    with pytest.raises(Refused) as refused:
        fill_form("docx", word(text), VALUES)
    assert refused.value.rule == {"time": "form.time", "memory": "form.size"}[kind]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (with_part(GOOD, "word/vbaProject.bin", b"x"), "宏（word/vbaProject.bin）"),
        (with_part(GOOD, "word/embeddings/oleObject1.bin", b"x"), "嵌入对象"),
        (with_part(GOOD, "word/activeX/activeX1.xml", b"<a/>"), "ActiveX"),
        (with_part(GOOD, "customUI/customUI.xml", b"<a/>"), "自定义界面"),
        (linked(GOOD, "attachedTemplate", "http://x.test/a.dotm"), "外部模板：http://x.test/a.dotm"),
        (linked(GOOD, "image", "http://x.test/a.png"), "外部图片：http://x.test/a.png"),
        (linked(GOOD, "image", "\\\\x.test\\a.png", mode="Internal"), "外部图片"),
        (linked(GOOD, "hyperlink", "https://x.test/"), "超链接：https://x.test/"),
        (linked(GOOD, "oleObject", "file:///c:/a.xls"), "嵌入对象"),
        (linked(GOOD, "aFChunk", "a.html", mode="Internal"), "外部内容块"),
        (in_body(GOOD, MARKED.format(FIELD.format(' INCLUDEPICTURE "http://x.test/a.png"'))), "域 INCLUDEPICTURE"),
        (in_body(GOOD, MARKED.format(FIELD.format("DDE") + FIELD.format('AUTO c:\\\\cmd "/k calc"'))), "域 DDEAUTO"),
        (in_body(GOOD, '<w:fldSimple w:instr="INCLUDETEXT c:\\\\a"/>'), "域 INCLUDETEXT"),
        (in_body(GOOD, '<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://x.test/a.png"/>'), "外部链接"),
        (in_body(GOOD, '<w:altChunk r:id="rId1"/>'), "外部内容块"),
        (
            with_part(
                GOOD, "word/more.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")
            ),
            "文档类型声明",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_word_form_may_not_hold_is_named(form, said):
    refused = refusal(docx_filler.filled, form, VALUES)
    assert refused.code == "refused"
    assert any(said in found for found in refused.found), refused.found


def test_a_form_with_macros_is_refused_by_its_kind_whatever_its_name():
    types = (b"wordprocessingml.document.main+xml", b"")
    macro = replaced(GOOD, "[Content_Types].xml", types[0], b"ms-word.document.macroEnabled.main+xml")
    assert "宏" in refusal(docx_filler.filled, macro, VALUES).found
    other = replaced(GOOD, "[Content_Types].xml", types[0], b"wordprocessingml.template.main+xml")
    assert refusal(docx_filler.filled, other, VALUES).code == "kind"
    assert refusal(docx_filler.filled, excel(), VALUES).code == "kind"
    assert refusal(docx_filler.filled, b"\xd0\xcf\x11\xe0old", VALUES).code == "old"


def test_a_package_that_unpacks_to_more_than_a_form_is_refused_unopened():
    bomb = with_part(GOOD, "word/media/a.bin", bytes(31 * 1024**2))
    assert refusal(docx_filler.filled, bomb, VALUES).code == "unpacked"


def test_what_cannot_be_read_is_told_in_words():
    for content in (b"not a zip", GOOD[:-300]):
        with pytest.raises(Refused, match="已损坏"):
            fill_form("docx", content, VALUES)


def sheet_of(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_words_around_a_name_in_the_sample_row_stay():
    def change(book):
        for place, text in (("A4", "第{序号}项"), ("D4", "（{涉及单位}）"), ("E4", "于{活动时间}")):
            book.active[place] = text

    sheet = sheet_of(xlsx_filler.filled(excel(change), LISTED, JOB)[0])
    assert [sheet.cell(4, column).value for column in (1, 4, 5)] == ["第1项", "（县民政局）", "于2022-06-01"]
    assert (sheet["A5"].value, sheet["E5"].value) == ("第2项", "于")


def test_a_table_keeps_the_look_of_the_form_and_takes_the_rows():
    content, left_out = xlsx_filler.filled(excel(), LISTED, JOB)
    sheet, form = sheet_of(content), sheet_of(excel())
    assert left_out == []
    assert (sheet["A1"].value, sheet["A2"].value) == ("青禾县问题清单", "填报单位：县营商办")
    assert [sheet.cell(4, column).value for column in (1, 2, 4)] == [1, "=1+1", "县民政局"]
    assert sheet["B4"].data_type == "s", "text stays text"
    assert sheet["B4"].quotePrefix
    assert sheet["E4"].value.isoformat() == "2022-06-01T00:00:00"
    assert sheet["E4"].border.top.style == form["E4"].border.top.style == "thin"
    assert {"A1:E1", "B3:C3", "B4:C4", "B5:C5"} <= {one.coord for one in sheet.merged_cells.ranges}
    assert sheet.column_dimensions["B"].width == form.column_dimensions["B"].width
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == (form.print_title_rows, "landscape")


def test_long_text_goes_on_in_more_rows_and_what_stands_below_moves_down():
    sheet = sheet_of(xlsx_filler.filled(excel(), LISTED, JOB)[0])
    long = [row for row in range(4, sheet.max_row + 1) if "长" in str(sheet.cell(row, 2).value)]
    assert "".join(sheet.cell(row, 2).value for row in long) == "长" * 2000
    assert len(long) > 1
    assert all(sheet.row_dimensions[row].height <= 409 for row in long)
    assert [sheet.cell(row, 1).value for row in long] == [2, *[None] * (len(long) - 1)]
    last = sheet.max_row
    assert sheet.cell(last, 1).value == "审核人："
    assert sheet.row_dimensions[last].height == 33
    assert f"A{last}:B{last}" in {one.coord for one in sheet.merged_cells.ranges}
    assert sheet.print_area.endswith(f"$E${last}")
    for row in range(4, last):
        assert (sheet.cell(row, 2).alignment.vertical, sheet.cell(row, 2).alignment.wrap_text) == ("top", True)
    assert "138****5678" in sheet.cell(last - 1, 2).value.replace(" ", "")


def test_a_period_without_rows_leaves_an_empty_row():
    empty = LISTED | {"lists": [LISTED["lists"][0] | {"rows": []}]}
    sheet = sheet_of(xlsx_filler.filled(excel(), empty, JOB)[0])
    assert [cell.value for cell in sheet[4]] == [None] * 5
    assert sheet["A5"].value == "审核人："


def put(place: str, value: object):
    def change(book):
        book.active[place] = value

    return change


@pytest.mark.parametrize(
    ("form", "code", "said"),
    [
        (excel(put("D4", "{涉级单位}")), "placeholder", "D4 的 {涉级单位}：“问题清单”没有这一栏。相近的有：涉及单位"),
        (excel(put("A2", "{期见}")), "placeholder", "A2 的 {期见}：没有这个字段"),
        (excel(put("D4", "{涉及单位}{活动时间}")), "placeholder", "D4：样行的一格只能写一个字段"),
        (excel(put("D5", "=SUM(A4:A4)")), "formula", "D5 的公式"),
        (excel(put("D5", '=HYPERLINK("http://x.test")')), "formula", "D5 的公式"),
        (excel(put("A500", "远")), "extent", "500 行"),
        (with_part(excel(), "xl/vbaProject.bin", b"x"), "refused", "宏"),
        (with_part(excel(), "xl/externalLinks/externalLink1.xml", b"<a/>"), "refused", "外部链接"),
        (with_part(excel(), "xl/embeddings/a.docx", b"x"), "refused", "嵌入对象"),
        (with_part(excel(), "xl/connections.xml", b"<a/>"), "refused", "数据连接"),
        (
            linked(excel(), "hyperlink", "http://x.test", name="xl/_rels/workbook.xml.rels"),
            "refused",
            "超链接：http://x.test",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_an_excel_form_may_not_hold_is_named_with_its_cell(form, code, said):
    refused = refusal(xlsx_filler.filled, form, LISTED)
    assert refused.code == code
    assert any(said in found for found in refused.found), refused.found


def test_a_form_without_a_sample_row_is_told():
    def clear(book):
        for place in ("A1", "A2", "A4", "B4", "D4", "E4"):
            book.active[place] = None

    assert refusal(xlsx_filler.filled, excel(clear), LISTED).code == "no_mark"


def test_what_is_lost_of_a_form_is_named_and_not_in_the_file():
    content, left_out = xlsx_filler.filled(drawn(), LISTED, JOB)
    assert sorted(words[:2] for words in left_out) == ["图表", "文本"]
    assert b"xl/charts/" not in content


def test_conditions_stay_and_grow_with_the_rows_and_what_is_lost_of_them_is_named():
    content, left_out = xlsx_filler.filled(ruled(), LISTED, JOB)
    sheet = sheet_of(content)
    last = sheet.max_row
    assert sheet.cell(last, 1).value == "县营商办"
    kept = {
        (str(one.sqref), rule.type): (rule.formula, rule.dxf is not None)
        for one in sheet.conditional_formatting
        for rule in one.rules
    }
    end = last - 2
    assert end > 5
    assert kept == {
        (f"A3:D{end}", "expression"): (["$D3<TODAY()"], True),
        (f"B3:B{end}", "containsText"): (['NOT(ISERROR(SEARCH("排队",B3)))'], True),
        (f"A3:A{end}", "dataBar"): ([], False),
        (f"D3:D{end}", "iconSet"): ([], False),
        (f"C3:C{end}", "colorScale"): ([], False),
        (f"A{last}", "expression"): ([f"LEN($A{last})>3"], True),
    }
    [choice] = sheet.data_validations.dataValidation
    assert (str(choice.sqref), choice.formula1) == (f"A{last}", f"LEN(A{last})>1")
    assert left_out == ["条件格式：数据条的纯色、边框和负值样式"]


@pytest.mark.parametrize("formula", ['=WEBSERVICE("x")="1"', "=[1]Sheet1!$A$1>0", "=cmd|'/c calc'!A1"])
def test_a_condition_that_reaches_out_is_refused(formula):
    refused = refusal(xlsx_filler.filled, ruled(formula), LISTED)
    assert (refused.code, refused.found) == ("formula", ["“问题清单”B3 的条件格式公式"])


def test_the_table_is_filled_in_the_child_too():
    assert sheet_of(fill_form("xlsx", excel(), LISTED).content)["B4"].value == "=1+1"
