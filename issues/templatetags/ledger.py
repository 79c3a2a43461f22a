"""Cells of the ledger's table: how each kind of column looks."""

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

from core.templatetags.ui import DASH, badge, field, localdate, moment
from issues.domain.inbox import due_look
from issues.enums import IssueState
from walks.enums import Stage

register = template.Library()
STAGES = dict(Stage.choices)
CSS = {
    "title": "cell-title",
    "code": "nowrap",
    "date": "nowrap",
    "moment": "nowrap",
    "due": "cell-due",
    "lines": "wide",
    "badge": "cell-state",
}


@register.filter
def stage_label(code: str) -> str:
    """取号排队 for its code; "" for none."""
    return STAGES.get(code, "")


@register.simple_tag
def ledger_cells(row: dict, columns, today, calendar, back: str = "") -> str:
    """The ``<td>``s of one row. ``back``: query string that leads from the issue to this list."""
    url = reverse("issue", args=[row["number"]]) + back
    return mark_safe("".join(_cell(row, column, today, calendar, url) for column in columns))


def _cell(row: dict, column, today, calendar, url: str) -> str:
    css = f"{CSS.get(column.kind, '')} {column.css}".strip()
    if column.key == "number":
        return format_html('<td class="cell-number"><a href="{}">{}</a></td>', url, row["number"])
    if column.kind == "title":
        return format_html('<td class="cell-title"><a class="clamp" href="{}">{}</a></td>', url, row["description"])
    shown = _due(row, today, calendar) if column.kind == "due" else _LOOKS.get(column.kind, _plain)(row, column)
    if shown == DASH:
        css = f"{css} cell-hide".strip()
    return format_html('<td class="{}" data-label="{}">{}</td>', css, column.label, shown)


def _plain(row, column):
    return conditional_escape(row[column.key] or DASH)


def _lines(row, column):
    return format_html('<span class="clamp">{}</span>', row[column.key]) if row[column.key] else DASH


def _date(row, column):
    return localdate(row[column.key])


def _moment(row, column):
    return moment(row[column.key])


def _state(row, column):
    return format_html("<div>{}</div>", badge(row["state"], IssueState(row["state"]).label))


def _due(row, today, calendar):
    if not row["due_on"]:
        return DASH
    parts = [format_html('<span class="due-day">{}</span>', localdate(row["due_on"]))]
    if row["due_provisional"]:
        parts.append(badge("provisional", "暂定"))
    look = due_look(row, today, calendar)
    if look and look[0] != "not_due":
        parts.append(badge(*look))
    if row["first_due_on"] != row["due_on"]:
        parts.append(format_html('<span class="cell-sub">首次 {}</span>', localdate(row["first_due_on"])))
    return format_html("<div>{}</div>", mark_safe("".join(parts)))


_LOOKS = {"date": _date, "moment": _moment, "badge": _state, "lines": _lines}


@register.inclusion_tag("partials/field.html")
def asked_field(bound, look="", css=""):
    """A field that the domain asks for: marked 必填, though the form lets an empty one through to be named there."""
    if bound.field.required:
        return field(bound, look, css=css)
    label = format_html('{}<span class="req" aria-hidden="true">*</span>', bound.label)
    return field(bound, look, label=label, css=css, aria_required="true")
