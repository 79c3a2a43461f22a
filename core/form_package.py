"""What a form an office brought (.docx, .xlsx) may not hold, found in its package before a library opens it.

Runs in the limited child only. A form is text, layout and print settings: code, whatever is fetched from elsewhere and
whatever another program would open is refused, each thing by its name. Pure; imports nothing of the project.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

MOST_NAMED = 8
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
# Parts by name, and what they are called.
_PARTS = (
    (re.compile(r"vba(project|data)", re.IGNORECASE), "宏"),
    (re.compile(r"/(macrosheets|dialogsheets)/", re.IGNORECASE), "宏表"),
    (re.compile(r"activex", re.IGNORECASE), "ActiveX 控件"),
    (re.compile(r"/embeddings/|oleobject", re.IGNORECASE), "嵌入对象"),
    (re.compile(r"/externallinks/", re.IGNORECASE), "外部链接"),
    (re.compile(r"customui", re.IGNORECASE), "自定义界面"),
    (re.compile(r"/(connections\.xml|querytables/)", re.IGNORECASE), "数据连接"),
)
# Kinds of relationships by the end of their type; the first group is refused wherever it points.
_NEVER = {
    "vbaProject": "宏", "wordVbaData": "宏", "oleObject": "嵌入对象", "package": "嵌入对象", "control": "ActiveX 控件",
    "aFChunk": "外部内容块", "subDocument": "子文档", "externalLink": "外部链接", "mailMergeSource": "邮件合并数据源",
    "connections": "数据连接", "ui/extensibility": "自定义界面",
}  # fmt: skip
_OUTSIDE = {"attachedTemplate": "外部模板", "image": "外部图片", "hyperlink": "超链接"}
_ELEMENTS = {
    "altChunk": "外部内容块", "OLEObject": "嵌入对象", "oleObject": "嵌入对象", "oleObjects": "嵌入对象",
    "control": "ActiveX 控件", "subDoc": "子文档", "mailMerge": "邮件合并数据源", "ddeLink": "DDE 链接",
    "oleLink": "嵌入对象",
}  # fmt: skip
# Fields of Word that compute from the document alone; every other one may fetch or start something.
_FIELDS = frozenset(
    {
        "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "PAGEREF", "TOC", "STYLEREF", "SEQ", "REF", "EQ", "DATE", "TIME",
    }
)  # fmt: skip
_ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]+:|\\\\|//)", re.IGNORECASE)
_DRAWN = {"pic": "图片", "graphicFrame": "图表", "cxnSp": "连接线", "grpSp": "组合图形"}
# What newer programs keep beside the sheet itself, and openpyxl leaves out. The kinds of conditions by their type.
_LOST_IN_EXTENSIONS = {"sparkline": "迷你图", "dataValidation": "数据验证：取自其他工作表的选项", "slicer": "切片器"}
_CONDITIONS = {"dataBar": "条件格式：数据条的纯色、边框和负值样式", "iconSet": "条件格式：自选图标集"}
_CONDITION = "条件格式：引用其他工作表的条件"
_LOST_PARTS = (
    (re.compile(r"/ctrlprops/", re.IGNORECASE), "表单控件"),
    (re.compile(r"/pivottables/", re.IGNORECASE), "数据透视表"),
    (re.compile(r"/slicers/", re.IGNORECASE), "切片器"),
)


class UnusableForm(Exception):
    """The form is refused: ``code`` of ``core.office_forms.FAULTS``, ``found`` what the message names."""

    def __init__(self, code: str, *found: str):
        super().__init__(code)
        self.code, self.found = code, list(dict.fromkeys(found))[:MOST_NAMED]


@dataclass
class _Reading:
    """What one XML part holds. ``codes``: the texts of Word's fields that are open, innermost last. ``extensions``: how
    many lists of extensions are open, ``lost``: what stands in them."""

    refused: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    extensions: int = 0
    drawn: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    in_code: bool = False
    name: str = ""


def require_harmless(data: bytes, *, main: str, most_bytes: int, most_parts: int) -> list[str]:
    """Raise UnusableForm unless the package holds a plain form whose main part is of the type ``main``.

    Returns what of it a filled workbook would not have (text boxes, shapes, pictures, charts, extended conditions), in
    words.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnusableForm("old")
    refused, lost = [], []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = package.infolist()
        if len(entries) > most_parts or sum(entry.file_size for entry in entries) > most_bytes:
            raise UnusableForm("unpacked")
        for entry in entries:
            place = "/" + entry.filename.replace("\\", "/")
            refused += [f"{words}（{entry.filename[-60:]}）" for pattern, words in _PARTS if pattern.search(place)]
            lost += [words for pattern, words in _LOST_PARTS if pattern.search(place)]
            content = package.read(entry)
            if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                reading = _read_part(content)
                refused += reading.refused
                lost += reading.drawn if "/drawings/" in place.lower() else []
                lost += reading.lost if "/worksheets/" in place.lower() else []
        types = package.read("[Content_Types].xml")
    if b"macroenabled" in types.lower().replace(b"\0", b""):
        refused.append("宏")
    if refused:
        raise UnusableForm("refused", *refused)
    if main.encode() not in types:
        raise UnusableForm("kind")
    return list(dict.fromkeys(lost))


def _read_part(content: bytes) -> _Reading:
    reading = _Reading()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *rest: reading.refused.append("文档类型声明（DTD）")
    parser.StartElementHandler = lambda name, attributes: _start(reading, name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: _end(reading, name.rpartition(":")[2])
    parser.CharacterDataHandler = lambda text: _text(reading, text)
    parser.Parse(content, True)
    reading.refused += [words for code in reading.codes for words in _field(code)]
    return reading


def _start(reading: _Reading, name: str, attributes: dict[str, str]) -> None:
    known = {key.rpartition(":")[2]: value for key, value in attributes.items()}
    if name == "Relationship":
        reading.refused += _relationship(known)
    elif name in _ELEMENTS:
        reading.refused.append(_ELEMENTS[name])
    elif name == "fldSimple":
        reading.refused += _field(known.get("instr", ""))
    elif name == "fldChar":
        _field_mark(reading, known.get("fldCharType", ""))
    elif name in _DRAWN or name == "sp":
        reading.name = _DRAWN.get(name, "形状")
    elif name == "cNvSpPr" and known.get("txBox") in ("1", "true") and reading.drawn:
        reading.drawn[-1] = reading.drawn[-1].replace("形状", "文本框", 1)
    elif name == "cNvPr" and reading.name:
        reading.drawn.append(f"{reading.name}“{known.get('name', '')[:30]}”")
        reading.name = ""
    if name == "extLst":
        reading.extensions += 1
    elif reading.extensions:
        reading.lost += _lost_in_extension(name, known)
    reading.in_code = name == "instrText"
    for key in ("src", "href", "althref"):
        if _ADDRESS.match(known.get(key, "")):
            reading.refused.append(f"外部链接：{known[key][:60]}")


def _lost_in_extension(name: str, known: dict[str, str]) -> list[str]:
    if name == "cfRule":
        return [_CONDITIONS.get(known.get("type", ""), _CONDITION)]
    return [_LOST_IN_EXTENSIONS[name]] if name in _LOST_IN_EXTENSIONS else []


def _end(reading: _Reading, name: str) -> None:
    if name == "instrText":
        reading.in_code = False
    elif name == "extLst":
        reading.extensions -= 1


def _text(reading: _Reading, text: str) -> None:
    if reading.in_code:
        if reading.codes:
            reading.codes[-1] += text
        else:
            reading.codes.append(text)


def _field_mark(reading: _Reading, kind: str) -> None:
    if kind == "begin":
        reading.codes.append("")
    elif kind == "end" and reading.codes:
        reading.refused += _field(reading.codes.pop())


def _field(code: str) -> list[str]:
    words = code.split()
    if not words or words[0].upper() in _FIELDS or (words[0].upper() == "HYPERLINK" and words[1:2] == ["\\l"]):
        return []
    return [f"域 {words[0][:30]}"]


def _relationship(known: dict[str, str]) -> list[str]:
    kind = known.get("Type", "").rpartition("/relationships/")[2] or known.get("Type", "")[-40:]
    if kind in _NEVER:
        return [_NEVER[kind]]
    target = known.get("Target", "")
    if known.get("TargetMode", "").lower() == "external" or _ADDRESS.match(target):
        return [f"{_OUTSIDE.get(kind, '外部链接')}：{target[:60]}"]
    return []
