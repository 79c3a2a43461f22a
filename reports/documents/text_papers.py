"""Papers that are mostly text in Word: chapters in the official layout, tables and pictures as their annexes."""

from collections.abc import Collection, Mapping
from functools import cache

from campaigns.enums import Rhythm
from core.docx import fill
from core.docx_layout import WordPaper
from core.docx_title import title_lines
from core.templatetags.ui import cndate
from core.xlsx_cells import line_count
from reports.documents.chapters import ASIDE, COPIES, NUMBER, PRINTED, PRINTER, TextPaper
from reports.documents.fields import fill_fields, named_fields
from reports.documents.material import PeriodMaterial
from reports.documents.walk_report import PHOTOS, pictures_of, put_photos
from reports.documents.walk_words import LINE

# Half-width characters of a line of 抄送: 156 mm of 4号, less four characters in front and one behind, and one spare.
COPIES_WIDTH = 2 * 25
# Characters of 2号 on a line of 156 mm, and of 225 mm on a page that is turned.
TITLE_CHARACTERS, TURNED_CHARACTERS = 20, 29
SIGNED = f"主要负责同志（签字）：{LINE}"
SEALED, DATED = "{{ author }}（盖章）", "{{ day }}"


def text_paper(paper: TextPaper, material: PeriodMaterial, edited: Mapping[str, str]) -> bytes:
    """The paper as .docx, dated on the day its figures are judged. Same material and texts, same bytes.

    ``edited``: {key of a chapter: the office's text for it}; the others are drafted.
    """
    values = context(paper, material, edited)
    *before, last = values["sections"]
    closing = last["paragraphs"][-1:]
    values["sections"] = [*before, last | {"paragraphs": last["paragraphs"][:-1]}]
    pictures, photos = pictures_of(*paper.photos(material))
    used = tuple(place for place, annex in enumerate(values["annexes"]) if annex["rows"])
    copies = values["imprint"].get("copies", "")
    lines = line_count(f"抄送：{copies}", COPIES_WIDTH) if copies else 0
    shape = (bool(photos), values["is_signed"], len(values["red_head"]), lines, bool(values["addressee"]))
    template = _template(paper, used, *shape)
    return fill(template, values | _set_titles(values, material) | {"photos": photos, "closing": closing}, pictures)


def _set_titles(values: dict, material: PeriodMaterial) -> dict:
    """The titles of the paper and of its annexes in lines that end at meaning; as they are named in 附件说明 below."""
    query = material.query
    names = (query.campaign.region.name, query.period.label, *(line.name for line in material.table.lines))
    return {
        "title": _in_lines(values["title"], TITLE_CHARACTERS, names),
        "set_titles": [_in_lines(one["title"], TURNED_CHARACTERS, names) for one in values["annexes"]],
    }


def _in_lines(title: str, most: int, names: Collection[str]) -> str:
    return "\n".join(title_lines(title, most, names))


def basis_of(paper: TextPaper, material: PeriodMaterial, edited: Mapping[str, str]) -> list:
    """All that a file of the paper is made of, in whatever template: words and numbers, and of each photo which copy is
    shown, which never changes, and what is told of it."""
    photos, left = paper.photos(material)
    told = [[photo.file.served_name, photo.place, photo.words] for photo in photos]
    return [context(paper, material, edited), titles_of(material), named_fields(material), told, left]


def chapters(paper: TextPaper, material: PeriodMaterial, edited: Mapping[str, str]) -> list[dict]:
    """[{heading, paragraphs}] with the present figures in their places."""
    fields = named_fields(material)
    return [
        {"heading": one.heading, "paragraphs": _filled(edited.get(one.key, one.text), fields)}
        for one in paper.sections(material)
    ]


def context(paper: TextPaper, material: PeriodMaterial, edited: Mapping[str, str]) -> dict:
    """What the template names: text, numbers and lists only. ``red_head`` "" for a plain paper, ``addressee`` for one
    that its author keeps."""
    named = titles_of(material)
    red_head = material.query.campaign.letterhead if paper.has_red_head(material) else ""
    addressee = paper.addressee(material)
    fields, texts = named_fields(material), {part.key: part.text for part in paper.parts(material)}
    aside = {key: "\n".join(_filled(edited.get(key, texts.get(key, "")), fields)) for key in ASIDE}
    return {
        "title": _title(paper.title, named),
        "addressee": "" if addressee == material.author else addressee,
        "author": material.author,
        "day": cndate(material.query.as_of),
        "sections": chapters(paper, material, edited),
        "annexes": [{"title": _title(one.title, named), "rows": one.rows(material)} for one in paper.annexes],
        "is_signed": paper.is_signed and material.rules.reporting.signature,
        "red_head": red_head,
        "number": aside[NUMBER] if red_head else "",
        "imprint": _imprint(aside),
    }


def _title(form: str, named: Mapping[str, str]) -> str:
    """…工作 and 工作总结 meet in one word: …专项工作总结."""
    return form.format(**named).replace("工作工作", "工作")


def _imprint(aside: Mapping[str, str]) -> dict[str, str]:
    """What 版记 says; {} where nobody else gets the paper."""
    copies = aside[COPIES].rstrip("。，、；,; ")
    if not copies:
        return {}
    return {"copies": f"{copies}。", "printer": aside[PRINTER], "printed": f"{aside[PRINTED].removesuffix('印发')}印发"}


def titles_of(material: PeriodMaterial) -> dict[str, str]:
    """What titles of papers and annexes name: no days of a campaign reported on once, for there is one paper."""
    query = material.query
    is_only = query.period.kind == "whole" and material.rules.reporting.rhythm == Rhythm.ONCE
    period = "" if is_only else query.period.label
    return {"campaign": query.campaign.name, "period": period, "author": material.author}


def _filled(text: str, fields: Mapping[str, str]) -> list[str]:
    return [fill_fields(line, fields) for line in text.split("\n") if line.strip()]


@cache
def _template(
    paper: TextPaper,
    used: tuple[int, ...],
    has_photos: bool,
    is_signed: bool,
    red_head: int,
    copies: int,
    has_addressee: bool,
) -> bytes:
    """``used``: which annexes have rows; ``red_head``: characters of the 发文机关标志, 0 for a plain paper;
    ``copies``: lines of 抄送, 0 without 版记."""
    page = WordPaper(paper.label)
    if red_head:
        page.red_head("{{ red_head }}", "{{ number }}", characters=red_head)
    page.title("{{ title }}")
    if has_addressee:
        page.addressee("{{ addressee }}：")
    page.mark("{%p for section in sections %}")
    page.level_1("{{ section.heading }}")
    page.mark("{%p for text in section.paragraphs %}")
    page.paragraph("{{ text }}")
    page.mark("{%p endfor %}")
    page.mark("{%p endfor %}")
    page.mark("{%p for text in closing %}")
    page.paragraph("{{ text }}", is_last=True)
    page.mark("{%p endfor %}")
    titles = [f"{{{{ annexes[{place}].title }}}}" for place in used] + ([PHOTOS] if has_photos else [])
    if titles:
        page.attachments(titles)
    page.signature([*([SIGNED] if is_signed else []), SEALED, DATED])
    for number, title in enumerate(titles):
        head = f"附件{number + 1}" if len(titles) > 1 else "附件"
        title = f"{{{{ set_titles[{used[number]}] }}}}" if number < len(used) else title
        page.attachment(head, title, landscape=number < len(used))
        put_photos(page) if number == len(used) else _put_table(page, paper, used[number])
    if copies:
        page.imprint("抄送：{{ imprint.copies }}", "{{ imprint.printer }}", "{{ imprint.printed }}", lines=copies)
    return page.content()


def _put_table(page: WordPaper, paper: TextPaper, place: int) -> None:
    annex = paper.annexes[place]
    cells = tuple(f"{{{{ row.{key} }}}}" for key in annex.keys)
    rows = f"row in annexes[{place}].rows"
    page.table(annex.heads, annex.widths, cells, rows, may_split=annex.may_split, foot=annex.note)
