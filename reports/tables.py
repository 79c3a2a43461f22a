"""The tables of a period and of the overview as columns and cells: a page and its workbook read the same ones."""

from dataclasses import dataclass

from campaigns.enums import ActivityKind
from reports.domain.by_activity import COUNTS, ActivityLine
from reports.domain.figures import FIGURES, RATE_WORDS
from reports.domain.overview import Overview, by_category, shade
from reports.domain.queries import ReportScope
from reports.domain.regions import RegionLine, RegionReport
from reports.domain.summary import RATES, REDUCTIONS, UNCLASSIFIED, ZERO, SummaryLine, SummaryTable, rate
from reports.domain.trend import SHOWN
from reports.links import Links, RegionLinks

EFFECT_UNITS = {"days": "个工作日", "documents": "份", "steps": "个", "trips": "次"}
GROUPS = {
    "体验开展": (
        "sessions", "person_times", "principal_person_times", "people", "items", "item_walks", "units_walked",
        "units_not_reported", "short", "needs", "needs_replied", "needs_waiting",
    ),
    "问题整改": (
        "issues_found", "fixed_on_spot", "on_ledger", "closed", "not_due", "overdue", "verified", "rebounds",
        "measures",
    ),
}  # fmt: skip
CATEGORY_COLUMNS = (
    {"key": "name", "label": "分类", "kind": "title"},
    {"key": "found", "label": "发现问题", "kind": "num"},
    {"key": "share", "label": "占比", "kind": "percent"},
)
ACTIVITY_COLUMNS = (
    {"key": "name", "label": "活动类型", "kind": "title"},
    *({"key": key, "label": FIGURES[key].label, "kind": "num"} for key in COUNTS),
)
ZERO_COLUMNS = (
    {"key": "period", "label": "期间", "kind": "title"},
    {"key": "number", "label": "零报告", "kind": "num"},
    {"key": "units", "label": "单位"},
)
OF_PERIOD = ("sessions", "units_not_reported")
OF_WHOLE = ("issues_found", "closed", "overdue", "rebounds")
CHART = {"issues_found": "bar", "closed": "bar", "overdue": "line"}
TONES = {"overdue": "danger", "short": "warn", "rebounds": "warn", "units_not_reported": "warn", "closed": "success"}


@dataclass(frozen=True)
class UnitColumn:
    """``kind``: text, int or percent. ``figure`` is the figure whose rows a cell opens, ``category`` a class of it.

    ``silent`` is the remark on a unit without a walk.
    """

    key: str
    label: str
    kind: str = "int"
    figure: str = ""
    category: str | None = None
    group: str = ""
    width: float = 8
    silent: str = ""


def unit_columns(table: SummaryTable, report_scope: ReportScope) -> list[UnitColumn]:
    """The columns of F9 after 序号, in its order; one for every class of the campaign."""
    found = "发现问题"
    # A unit of which a lead received nothing may have walked for another receiver.
    silent = "未收到" if report_scope.kind == "lead" else "未开展"
    return [
        UnitColumn("name", "单位", "text", width=24),
        UnitColumn("activities", "活动类型", "text", width=16),
        UnitColumn("person_times", "参与人次", figure="person_times"),
        UnitColumn("principal_person_times", "其中：主要负责同志", figure="principal_person_times", width=10),
        UnitColumn("items", "体验事项数", figure="items"),
        UnitColumn("sessions", "活动次数", figure="sessions"),
        UnitColumn("issues_found", "合计", figure="issues_found", group=found),
        *(
            UnitColumn(f"category_{place}", name, figure="issues_found", category=name, group=found)
            for place, name in enumerate(table.categories)
        ),
        UnitColumn("fixed_on_spot", "立行立改数", figure="fixed_on_spot"),
        UnitColumn("on_ledger", "挂账数", figure="on_ledger"),
        UnitColumn("closed", "已销号数（含立行立改）", figure="closed", width=13),
        UnitColumn("not_due", "未到期", figure="not_due"),
        UnitColumn("overdue", "逾期", figure="overdue"),
        UnitColumn("rectification_rate", "整改率（%）", "percent", figure="closed", width=12),
        UnitColumn("needs", "需求数", figure="needs"),
        UnitColumn("measures", "措施数", figure="measures"),
        UnitColumn("remark", "备注", "text", width=10, silent=silent),
    ]


def unit_cell(line: SummaryLine, column: UnitColumn):
    """The value of one cell; None is shown as —: nothing to report, or nothing to divide by."""
    if column.key == "name":
        return line.name
    if column.key == "activities":
        return "、".join(ActivityKind(kind).label for kind in line.activities) or None
    if column.key == "remark":
        return _remark(line, column.silent)
    value = line.by_category[column.category] if column.category else line.values[column.key]
    return None if line.silent and value == 0 else value


def _remark(line: SummaryLine, silent: str) -> str | None:
    """What is said of a unit without a walk that counts, and its 零报告. Who walked, but not as the notice asks, has
    not been idle; who gave one for just this period said why."""
    said = ("未达标" if line.values["short"] else silent) if line.silent else ""
    if line.zero == ZERO and said == silent:
        return ZERO
    return "；".join(filter(None, (said, line.zero))) or None


def page(table: SummaryTable, links: Links) -> dict:
    """What the page of a period shows, under the names its template uses."""
    columns = unit_columns(table, links.query.report_scope)
    return {
        "groups": tiles(table, links),
        "columns": columns,
        "group_width": sum(bool(column.group) for column in columns),
        "unit_rows": unit_rows(table, columns, links),
        "category_columns": CATEGORY_COLUMNS,
        "category_rows": category_rows(table, links),
        "zero_columns": ZERO_COLUMNS,
        "zero_rows": zero_rows(table, links),
    }


def unit_rows(table: SummaryTable, columns: list[UnitColumn], links: Links) -> list[dict]:
    """Every unit and 合计 as cells for the page; a cell that counts something opens its rows."""
    lines = [*table.lines, table.total]
    return [{"line": line, "cells": [_page_cell(line, column, links) for column in columns]} for line in lines]


def _page_cell(line: SummaryLine, column: UnitColumn, links: Links) -> dict:
    value = unit_cell(line, column)
    cell = {"column": column, "value": value, "url": ""}
    if value is not None and column.figure:
        cell["url"] = links.rows(column.figure, unit=line.unit_id, category=stored_category(column.category))
    return cell


def category_rows(table: SummaryTable, links: Links) -> list[dict]:
    """One row a class: 件 found and its share of all."""
    found = table.total.values["issues_found"]
    return [
        {
            "name": name,
            "found": number,
            "found_url": links.rows("issues_found", category=stored_category(name)),
            "share": rate(number, found),
        }
        for name, number in table.total.by_category.items()
    ]


def activities(lines: list[ActivityLine], links: Links) -> dict:
    """The table by kind of activity of that page, as L22 asks for the totals (三（四）); each number opens its rows."""
    rows = [
        {"name": line.label} | line.values | {f"{key}_url": links.rows(key, activity=line.kind) for key in line.values}
        for line in lines
    ]
    return {"activity_columns": ACTIVITY_COLUMNS, "activity_rows": rows}


def zero_rows(table: SummaryTable, links: Links) -> list[dict]:
    """One row for each reporting period with 零报告: how many and whose; the number opens the list of them."""
    return [
        {
            "period": one.period.label,
            "number": len(one.units),
            "number_url": links.zero_reports(one.period),
            "units": "、".join(name for _, name in one.units),
        }
        for one in table.zero
    ]


def stored_category(category: str | None) -> str | None:
    """The class as an issue holds it: 未分类 is the class ""."""
    return "" if category == UNCLASSIFIED else category


def tiles(table: SummaryTable, links: Links) -> list[dict]:
    """Groups of figures for the head of the page: [{"title", "tiles"}]; each tile opens its rows."""
    total = table.total.values
    groups = [
        {"title": title, "tiles": [tile(key, total[key], links) for key in keys]} for title, keys in GROUPS.items()
    ]
    rates = [_rate_tile(key, total, links) for key in RATES]
    return [*groups, {"title": "成效", "tiles": [*rates, *(effect_tile(table, kind, links) for kind in REDUCTIONS)]}]


def tile(key: str, value, links: Links) -> dict:
    """One figure as the page shows it; it opens its rows."""
    figure = FIGURES[key]
    tone = TONES.get(key, "neutral") if value else "neutral"
    return {
        "key": key,
        "label": figure.label,
        "value": value,
        "unit": figure.unit,
        "definition": figure.definition,
        "url": links.rows(key),
        "tone": tone,
        "note": "",
    }


def _rate_tile(key: str, total: dict, links: Links) -> dict:
    label, definition = RATE_WORDS[key]
    part, whole = RATES[key]
    value = total[key]
    return {
        "key": key,
        "label": label,
        "value": None if value is None else f"{value:.1f}%",
        "unit": "",
        "definition": definition,
        "url": links.rows(part),
        "tone": "info",
        "note": f"{total[part]} ÷ {total[whole]}",
    }


def effect_tile(table: SummaryTable, kind: str, links: Links) -> dict:
    """What was saved of one kind, as the page shows it; it opens the measures that claim it."""
    effect, figure = table.effects[kind], FIGURES[f"effect_{kind}"]
    share = rate(effect["saved"], effect["before"])
    change = f"{effect['before']} → {effect['after']}"
    return {
        "key": figure.key,
        "label": figure.label,
        "value": effect["saved"],
        "unit": EFFECT_UNITS[kind],
        "definition": figure.definition,
        "url": links.rows(figure.key),
        "tone": "neutral",
        "note": change if share is None else f"{change}，压减 {share:.1f}%",
    }


def overview_tiles(found: Overview) -> list[dict]:
    """总数, 已销号, 逾期 and 反弹 of the whole campaign; walks and silent units of the present period."""
    whole, period = Links(found.whole), Links(found.period)
    label = found.period.period.label
    shown = [tile(key, found.whole_table.total.values[key], whole) for key in OF_WHOLE]
    if found.period.period.kind == "whole":
        return shown + [tile(key, found.whole_table.total.values[key], whole) for key in OF_PERIOD]
    return shown + [tile(key, found.period_table.total.values[key], period) | {"note": label} for key in OF_PERIOD]


def trend_lines(found: Overview) -> list[dict]:
    """A line a period, the newest first: [{"period", "url", "cells": [{"key", "label", "value", "url"}]}]."""
    return [_trend_line(found, place) for place in reversed(range(len(found.points)))]


def _trend_line(found: Overview, place: int) -> dict:
    point = found.points[place]
    links = Links(found.of_period(point.period))
    cells = [
        {"key": key, "label": FIGURES[key].label, "value": point.values[key], "url": links.rows(key)} for key in SHOWN
    ]
    return {"period": point.period, "url": links.report(), "cells": cells}


def trend_chart(found: Overview) -> dict:
    """The same numbers for the chart, oldest first; each mark has the address of its rows."""
    lines = [_trend_line(found, place) for place in range(len(found.points))]
    columns = [{cell["key"]: cell for cell in line["cells"]} for line in lines]
    return {
        "periods": [line["period"].label for line in lines],
        "series": [
            {
                "name": FIGURES[key].label,
                "kind": kind,
                "values": [column[key]["value"] for column in columns],
                "urls": [column[key]["url"] for column in columns],
            }
            for key, kind in CHART.items()
        ],
    }


def heat(found: Overview) -> dict:
    """Units by classes: {"categories", "lines": [{"name", "cells": [{"value", "shade", "url"}]}]}."""
    lines, links = by_category(found.whole_table), Links(found.whole)
    most = max((value for *_, cells in lines for value in cells.values()), default=0)
    return {
        "categories": found.whole_table.categories,
        "lines": [
            {
                "name": name,
                "cells": [
                    {
                        "value": value,
                        "shade": shade(value, most),
                        "url": links.rows("issues_found", unit=unit, category=stored_category(category)),
                    }
                    for category, value in cells.items()
                ],
            }
            for unit, name, cells in lines
        ],
    }


def effects(found: Overview) -> list[dict]:
    """What the measures of closed issues claim to have saved, in the whole campaign."""
    links = Links(found.whole)
    return [effect_tile(found.whole_table, kind, links) for kind in found.whole_table.effects]


def _region_column(key: str) -> UnitColumn:
    if key in RATES:
        return UnitColumn(key, f"{RATE_WORDS[key][0]}（%）", "percent", figure=RATES[key][0], width=9)
    return UnitColumn(key, FIGURES[key].label, figure=key, width=10)


REGION_COLUMNS = tuple(
    _region_column(key)
    for key in (
        "units_total", "units_walked", "coverage_rate", "sessions", "person_times", "items", "needs", "issues_found",
        "fixed_on_spot", "closed", "not_due", "overdue", "rebounds", "rectification_rate", "on_time_rate", "measures",
    )
)  # fmt: skip


def region_lines(found: RegionReport, links: RegionLinks) -> list[dict]:
    """Every line and 合计 as cells for the page. A campaign's number opens its rows, a region's the lines it adds."""
    return [_region_line(line, links) for line in found.lines] + [_region_line(found.total, links) | {"url": ""}]


def _region_line(line: RegionLine, links: RegionLinks) -> dict:
    own = Links(line.query) if line.query else None
    url = own.report() if own else links.page(line.region)
    cells = [
        {"column": one, "value": line.values[one.key], "url": own.rows(one.figure) if own else url}
        for one in REGION_COLUMNS
    ]
    return {"name": line.name, "period": line.query.period if line.query else None, "url": url, "cells": cells}
