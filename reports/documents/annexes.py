"""Tables behind the text of a paper: the statistics by unit, and the units that are criticised."""

from reports.documents.chapters import Annex
from reports.documents.material import PeriodMaterial
from reports.tables import unit_cell, unit_columns

UNITS = "单位表"
_STATISTICS = (
    ("单位", "name", 50),
    ("活动次数", "sessions", 20),
    ("参与人次", "person_times", 20),
    ("体验事项", "items", 20),
    ("发现问题", "issues_found", 20),
    ("已销号", "closed", 20),
    ("未到期", "not_due", 20),
    ("逾期", "overdue", 20),
    ("整改措施", "measures", 20),
)
_CRITICISED = (
    ("单位", "name", 94),
    ("未开展或未报送体验", "silent", 29),
    ("材料报送", "sending", 29),
    ("整改逾期（个）", "overdue", 29),
    ("整改不彻底（个）", "rebounds", 29),
)
YES, NO = "是", "—"
# The text names who has to rectify; the table counts what each unit found.
NOTE = "注：表中问题各栏按发现问题的单位统计，正文点名的逾期、反弹问题按责任单位统计。"


def _statistics(material: PeriodMaterial) -> list[dict]:
    """A row for each unit with its number, and the total."""
    columns = {column.key: column for column in unit_columns(material.table, material.query.report_scope)}
    found = []
    for number, line in enumerate([*material.table.lines, material.table.total], 1):
        values = {key: unit_cell(line, columns[key]) for _, key, _ in _STATISTICS}
        is_total = line is material.table.total
        found.append(
            {key: "—" if value is None else value for key, value in values.items()}
            | {"number": "" if is_total else number}
        )
    return found


def _criticised(material: PeriodMaterial) -> list[dict]:
    """A row for each unit named in the paper, in the order of the list, with what it is named for."""
    charged = {one.unit: one for one in material.charges}
    found = []
    for number, unit in enumerate(material.criticised, 1):
        charge = charged.get(unit)
        sending = "逾期报送" if unit in material.sent_late else "逾期未报" if unit in (material.unsent or ()) else NO
        found.append(
            {
                "number": number,
                "name": unit,
                "silent": YES if unit in material.unexplained else NO,
                "sending": sending,
                "overdue": charge.overdue if charge and charge.overdue else NO,
                "rebounds": charge.rebounds if charge and charge.rebounds else NO,
            }
        )
    return found


STATISTICS = Annex(
    UNITS,
    "统计表标题",
    "{campaign}{period}情况统计表",
    (("序号", "number", 15), *_STATISTICS),
    _statistics,
    note=NOTE,
)
CRITICISED = Annex(
    UNITS, "情况表标题", "{campaign}{period}被通报单位情况表", (("序号", "number", 15), *_CRITICISED), _criticised
)
