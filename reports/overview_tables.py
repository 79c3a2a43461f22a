"""What the overview shows, as tiles, lines and cells: the page and its workbook read the same ones."""

from reports.domain.figures import FIGURES
from reports.domain.overview import Overview, by_category, shade
from reports.domain.trend import SHOWN
from reports.links import Links
from reports.tables import effect_tile, stored_category, tile

OF_PERIOD = ("sessions", "units_not_reported")
OF_WHOLE = ("issues_found", "closed", "overdue", "rebounds")
CHART = {"issues_found": "bar", "closed": "bar", "overdue": "line"}


def tiles(found: Overview) -> list[dict]:
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
