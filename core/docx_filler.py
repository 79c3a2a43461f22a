"""The one place where a Word form from outside is opened: a short-lived child process with hard limits.

Run as ``python -m core.docx_filler JOB``; job and answer: ``core.form_child``. ``values`` are strings, numbers and
lists of these and of mappings. ``pictures`` of the job, for a paper that has some: {name: path of a JPEG of our own
making}.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from jinja2 import TemplateError, nodes

from core import form_child
from core.docx import PICTURE, TemplateFault, environment, fill
from core.form_package import WORD_MAIN, UnusableForm, require_harmless
from core.near_names import nearest

_MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_KIND = re.compile(r"^(\{[{%])(?:tr|tc|p|r) ")
_LOOP = re.compile(r"\{%-?\s*(?:(?:tr|tc|p|r) )?\s*for\s+(\w+)\s+in\s+([\w.]+)")
_PART, _TAG = re.compile(r"word/[\w.-]+\.xml"), re.compile(r"<[^>]*>")
_OPENS, _CLOSES = {"for": "endfor", "if": "endif"}, {"endfor", "endif"}
_BETWEEN = {"else", "elif"}
DEEPEST = 4
_NO_PICTURES = f"照片（模板中没有照片字段，写法是在循环“{{%p for 张 in 照片 %}}”中写“{{{{ 张.{PICTURE} }}}}”）"


def filled(template: bytes, values: dict, job: dict) -> tuple[bytes, list[str]]:
    """The filled form. Raises UnusableForm naming a placeholder and where it stands."""
    require_harmless(template, main=WORD_MAIN, most_bytes=job["most_bytes"], most_parts=job["most_parts"])
    paper = docx.Document(io.BytesIO(template))
    texts = list(_texts(paper))
    faults = [*_faults(texts, values), *_unclosed(texts)] or [*_hidden_faults(template)]
    if faults:
        raise UnusableForm("placeholder", *faults)
    if not any(_MARK.search(text) for _, text in texts):
        raise UnusableForm("no_mark")
    pictures, left_out = None, []
    if "pictures" in job:
        pictures = {name: Path(place).read_bytes() for name, place in job["pictures"].items()}
        left_out = [] if any(_names_pictures(text) for _, text in texts) else [_NO_PICTURES]
    try:
        return fill(template, values, pictures), left_out
    except TemplateFault as fault:
        raise UnusableForm("placeholder", str(fault)) from fault


def _names_pictures(text: str) -> bool:
    """Whether a mark puts pictures in."""
    return any(f".{PICTURE}" in mark.replace(" ", "") for mark in _MARK.findall(text) if mark.startswith("{{"))


def _texts(paper: Document) -> Iterator[tuple[str, str]]:
    """(place in words, text) of every paragraph: body, tables, heads and feet."""
    yield from _of_body(paper.iter_inner_content(), "正文")
    for number, section in enumerate(paper.sections, 1):
        for words, part in (
            ("页眉", section.header), ("首页页眉", section.first_page_header), ("偶数页页眉", section.even_page_header),
            ("页脚", section.footer), ("首页页脚", section.first_page_footer), ("偶数页页脚", section.even_page_footer),
        ):  # fmt: skip
            if not part.is_linked_to_previous:
                yield from _of_body(part.iter_inner_content(), f"第{number}节{words}")


def _of_body(content: Iterator[Paragraph | Table], where: str) -> Iterator[tuple[str, str]]:
    paragraphs = tables = 0
    for one in content:
        if isinstance(one, Paragraph):
            paragraphs += 1
            yield f"{where}第{paragraphs}段", one.text
            continue
        tables += 1
        # A merged cell is given once for each of the places it takes.
        read = set()
        for row, line in enumerate(one.rows, 1):
            for column, cell in enumerate(line.cells, 1):
                if cell._tc in read:
                    continue
                read.add(cell._tc)
                for paragraph in cell.paragraphs:
                    yield f"{where}第{tables}个表格第{row}行第{column}列", paragraph.text


def _faults(texts: list[tuple[str, str]], values: Mapping) -> Iterator[str]:
    """Every mark that cannot be read, or names what is not there, with its place."""
    # (variable, list it runs over) of each loop that is open, ("", "") of a condition.
    opened: list[tuple[str, str]] = []
    for place, text in texts:
        rest = _MARK.sub("", text)
        if "{{" in rest or "}}" in rest or "{%" in rest or "%}" in rest:
            yield f"{place}“{text[:40]}”：标记没有写完整"
        for match in _MARK.finditer(text):
            mark = _KIND.sub(r"\1 ", match[0])
            word = _word(mark)
            if word in _OPENS:
                loop = _LOOP.match(mark)
                opened.append((loop[1], loop[2]) if loop else ("", ""))
            if problem := _outside_its_run(match[0]) or _problem(mark, values, dict(opened)):
                yield f"{place}“{match[0][:60]}”：{problem}"
            if word in _CLOSES and opened:
                opened.pop()


def _hidden_faults(template: bytes) -> Iterator[str]:
    """Marks in text boxes, notes and other parts that python-docx does not read as paragraphs."""
    with zipfile.ZipFile(io.BytesIO(template)) as package:
        parts = [package.read(name) for name in package.namelist() if _PART.fullmatch(name)]
    for part in parts:
        # Between two texts of a paragraph stand tags alone.
        for mark in dict.fromkeys(_MARK.findall(html.unescape(_TAG.sub("", part.decode(errors="replace"))))):
            if problem := _outside_its_run(mark):
                yield f"文本框、脚注等处“{mark[:60]}”：{problem}"


def _outside_its_run(mark: str) -> str:
    """What is wrong with a value whose mark takes the place of its run, paragraph, row or cell, "" with any other: Word
    shows no text that stands outside of a run."""
    if not mark.startswith("{{") or not _KIND.match(mark):
        return ""
    return f"这样写的内容在 Word 中不显示，请写成“{_KIND.sub('{{ ', mark)}”"


def _word(mark: str) -> str:
    """The first word of a mark that loops or chooses, "" of one that names a value."""
    return "" if mark.startswith("{{") else mark.strip("{}%- \t").partition(" ")[0]


def _problem(mark: str, values: Mapping, loops: Mapping[str, str]) -> str:
    """What is wrong with one mark, "" when it can be filled."""
    source = mark
    if mark.startswith("{%"):
        word, _, rest = mark.strip("{}%- \t").partition(" ")
        if word in _CLOSES or word == "else":
            return ""
        if word not in _OPENS and word != "elif":
            return "不认识的标记"
        source = f"{{% for {rest} %}}{{% endfor %}}" if word == "for" else f"{{% if {rest} %}}{{% endif %}}"
    try:
        tree = environment().checked(source)
    except TemplateError as error:
        # What the parser says of a mark it cannot read is in English.
        said = str(error.message)
        return f"不能这样写（{said}）" if said.startswith("不") else "不能这样写，字段写作“{{ 字段名 }}”"
    return next(filter(None, (_unknown(node, values, loops) for node in _names(tree))), "")


def _names(tree: nodes.Template) -> Iterator[nodes.Name | nodes.Getattr]:
    yield from (node for node in tree.find_all(nodes.Name) if node.ctx == "load")
    yield from tree.find_all(nodes.Getattr)


def _unknown(node: nodes.Name | nodes.Getattr, values: Mapping, loops: Mapping[str, str]) -> str:
    if isinstance(node, nodes.Name):
        known = {*values, *loops, "loop"}
        return "" if node.name in known else f"没有“{node.name}”这个字段{nearest(node.name, sorted(known - {'loop'}))}"
    if not isinstance(node.node, nodes.Name):
        # No value but those of ``loop`` has others in it.
        inner = node.node.node if isinstance(node.node, nodes.Getattr) else None
        return "" if isinstance(inner, nodes.Name) and inner.name == "loop" else f"没有“{node.attr}”这一栏"
    if node.node.name == "loop":
        return ""
    rows: Any = values.get(loops.get(node.node.name, ""))
    if rows == []:
        return ""
    first = rows[0] if isinstance(rows, list) else {}
    if isinstance(first, Mapping) and node.attr in first:
        return ""
    return f"“{node.node.name}”没有“{node.attr}”这一栏{nearest(node.attr, first if isinstance(first, Mapping) else ())}"


def _unclosed(texts: list[tuple[str, str]]) -> Iterator[str]:
    """A loop or condition that does not end, or ends without a beginning, with its place."""
    open_marks: list[tuple[str, str, str]] = []
    for place, text in texts:
        for match in _MARK.finditer(text):
            word = _word(_KIND.sub(r"\1 ", match[0]))
            if word in _OPENS:
                open_marks.append((_OPENS[word], place, match[0]))
                if len(open_marks) > DEEPEST:
                    yield f"{place}“{match[0][:60]}”：循环和条件最多套 {DEEPEST} 层"
            elif (word in _CLOSES and (not open_marks or open_marks.pop()[0] != word)) or (
                word in _BETWEEN and not open_marks
            ):
                yield f"{place}“{match[0][:60]}”：前面没有与它对应的开始标记"
    yield from (f"{place}“{mark[:60]}”：没有写结束标记 {{% {end} %}}" for end, place, mark in open_marks)


if __name__ == "__main__":
    form_child.run(filled)
