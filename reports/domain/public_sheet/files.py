"""The page and the workbook of a public sheet, made of its content on the day of release. Same content and day, same
bytes. The page leads nowhere: no link, no script, nothing of the system around it but its pictures."""

import io
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string

from core.templatetags.ui import cndate
from core.xlsx import Column, SheetSpec, filename, write_workbook

WHAT = "体验事项和整改成果"
# By its plain name: one with a hash in it is gone after the next version of the product.
STYLE = "css/public.css"
COLUMNS = (
    Column("unit", "单位", 26, align="left"),
    Column("item", "体验事项", 44, align="left"),
    Column("found", "发现问题（个）", 16, kind="int", total="sum"),
    Column("rectified", "已整改（个）", 16, kind="int", total="sum"),
    Column("effects", "优化成效", 30, align="left"),
    Column("guide", "办事指南承诺", 40, align="left"),
)
NOTE = "注：“已整改”为已经验收销号的问题；“优化成效”为其中前后都有数字的；“办事指南承诺”为体验时公布的数字。"


def title_of(content: dict) -> str:
    """The heading of page and workbook."""
    return f"{content['campaign']}{WHAT}（{content['period']}）"


def page_of(content: dict, day: date) -> bytes:
    """The page as it is answered to everybody, released on ``day``."""
    facts = {
        "公开单位": content["office"],
        "统计期间": f"{_day(content['starts_on'])}至{_day(content['ends_on'])}",
        "整改情况": f"截至{_day(content['as_of'])}",
        "公开日期": cndate(day),
    }
    context = {"title": title_of(content), "facts": facts, "content": content, "note": NOTE}
    text = render_to_string("reports/public/_document.html", context | {"style": settings.STATIC_URL + STYLE})
    return text.encode()


def workbook_of(content: dict, day: date) -> bytes:
    """The same as a workbook."""
    spec = SheetSpec(
        title=title_of(content),
        columns=COLUMNS,
        left_note=f"公开单位：{content['office']}",
        right_note=f"公开日期：{cndate(day)}",
        as_of=date.fromisoformat(content["as_of"]),
        foot=(NOTE,),
        sheet_name=WHAT,
    )
    rows = [
        (unit["unit"], *(row[key] for key in ("item", "found", "rectified", "effects", "guide")))
        for unit in content["units"]
        for row in unit["rows"]
    ]
    book = io.BytesIO()
    write_workbook(book, [(spec, rows)])
    return book.getvalue()


def workbook_name(content: dict, day: date) -> str:
    """The name of the workbook: day of release, region, period."""
    return filename(day, content["region"], f"{content['period']}{WHAT}")


def _day(text: str) -> str:
    return cndate(date.fromisoformat(text))
