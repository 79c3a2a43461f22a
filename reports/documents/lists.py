"""三张清单 (F6, L22 附件2) and 问题整改清单 (F5, W23 附件3) as workbooks: the rows of a period's figures.

Their columns are not printed in the notices: the layout is ours, headed 参考样式.
"""

import io
from collections.abc import Iterator
from dataclasses import replace

from django.db.models import Q

from campaigns.enums import ActivityKind
from core.xlsx import Column, SheetSpec, write_workbook
from issues.domain.queries import measures_by_issue
from issues.enums import CLOSED_STATES, IssueSource, Track
from issues.models import NeedSubject
from reports.documents.walk_words import measures_of, numbered
from reports.domain import figures
from reports.domain.figures import ReportQuery
from reports.domain.walk_content import progress_of
from walks.domain.as_of import end_of
from walks.enums import Stage

SAMPLE, LIST, ALL_UNITS = "参考样式", "问题整改清单", "汇总表"
# A book of more sheets is hard to find one's way in.
MOST_SHEETS = 60
ISSUES = (
    Column("activity", "活动类型", 10),
    Column("day", "活动时间", 12, kind="date"),
    Column("item", "事项", 24, align="left"),
    Column("text", "发现问题", 48, align="left"),
    Column("source", "问题来源", 12),
    Column("category", "问题分类", 14),
    Column("unit", "涉及单位", 18),
    Column("track", "处理方式", 12, choices=("立行立改", "挂账销号")),
)
NEEDS = (
    Column("subject", "需求主体", 12, choices=tuple(NeedSubject.labels)),
    Column("text", "需求内容", 60, align="left"),
    Column("unit", "涉及单位", 20),
    Column("reply_by", "拟回应时间", 14, kind="date"),
    Column("reply", "回应情况", 44, align="left"),
)
MEASURES = (
    Column("number", "对应问题编号", 16),
    Column("text", "解决措施", 48, align="left"),
    Column("unit", "责任单位", 18),
    Column("person", "责任人", 12),
    Column("due", "完成时限", 12, kind="date"),
    Column("progress", "落实情况", 32, align="left"),
    Column("closed", "是否销号", 10, choices=("是", "否")),
)
RECTIFICATION = (
    Column("item", "体验事项", 20, align="left"),
    Column("stage", "体验环节", 10),
    Column("text", "存在问题", 36, align="left"),
    Column("category", "问题分类", 12),
    Column("cause", "原因分析", 20, align="left"),
    Column("measures", "整改措施", 36, align="left"),
    Column("unit", "责任单位", 16),
    Column("person", "责任人", 10),
    Column("due", "整改时限", 12, kind="date"),
    Column("progress", "整改进展", 24, align="left"),
    Column("closed", "完成情况", 9, choices=("是", "否")),
    Column("remark", "备注", 12, align="left"),
)


def rows_of(key: str, query: ReportQuery) -> list[tuple[str, tuple[Column, ...], Iterator[tuple]]]:
    """[(name, columns, rows)] of the lists of a paper."""
    if key == "three-lists":
        return [
            ("问题清单", ISSUES, issue_rows(query)),
            ("需求清单", NEEDS, need_rows(query)),
            ("解决措施清单", MEASURES, measure_rows(query)),
        ]
    return [(LIST, RECTIFICATION, rectification_rows(query))]


def sample_workbook(query: ReportQuery, key: str) -> bytes:
    """The product's own layout of a paper as a form to begin with: one sample row that names the columns in braces."""
    file = io.BytesIO()
    sheets = []
    for name, columns, _ in rows_of(key, query):
        spec = replace(
            _sheet(query, name, columns, "{填报单位}"), title="{标题}" if key != "three-lists" else "{活动}" + name
        )
        sample = tuple(f"{{{head}}}" for head in ("序号", *(column.header for column in columns)))
        sheets.append((replace(spec, own_numbers=True, as_of=None, right_note="{统计日}"), [sample]))
    write_workbook(file, sheets)
    return file.getvalue()


def three_lists(query: ReportQuery, *, unit: str) -> bytes:
    """问题清单、需求清单、解决措施清单 in one workbook. ``unit``: who fills in, for the head. Same rows, same bytes."""
    file = io.BytesIO()
    lists = rows_of("three-lists", query)
    write_workbook(file, [(_sheet(query, name, columns, unit), rows) for name, columns, rows in lists])
    return file.getvalue()


def rectification_list(query: ReportQuery, *, unit: str) -> bytes:
    """问题整改清单 of a period as a workbook. Where several units found problems: 汇总表, and a sheet for each of
    them in the order of the list; of more than ``MOST_SHEETS`` units 汇总表 alone."""
    file, rows = io.BytesIO(), list(_rectified(query))
    sheets = [(_sheet(query, LIST, RECTIFICATION, unit), [values for _, values in rows])]
    found: dict[tuple[int, str], list[tuple]] = {}
    for finder, values in rows:
        found.setdefault(finder, []).append(values)
    if 1 < len(found) <= MOST_SHEETS:
        sheets = [(replace(spec, sheet_name=ALL_UNITS), values) for spec, values in sheets]
        place = {one.id: number for number, one in enumerate(figures.units_bound(query))}
        for pk, name in sorted(found, key=lambda one: (place.get(one[0], len(place)), one)):
            sheets.append((replace(_sheet(query, LIST, RECTIFICATION, name), sheet_name=name), found[pk, name]))
    write_workbook(file, sheets)
    return file.getvalue()


def issue_rows(query: ReportQuery) -> Iterator[tuple]:
    """Rows of 问题清单: the issues that ``issues_found`` counts, by number."""
    fields = ("walk__activity_kind", "found_on", "item_id", "item__name", "description", "source", "category")
    fields += ("as_of_track", "as_of_responsible_department", "as_of_owner")
    fields += ("proposed_department_id", "proposed_department__name")
    for kind, day, item_id, item, text, source, category, track, *units in _issues(query).values_list(*fields):
        activity = ActivityKind(kind).label if kind else ""
        way = "立行立改" if track == Track.ON_SPOT else "挂账销号"
        unit = query.names.unit(*(units[:2] if units[0] else units[2:]))
        yield activity, day, query.names.item(item_id, item), text, IssueSource(source).label, category, unit, way


def need_rows(query: ReportQuery) -> Iterator[tuple]:
    """Rows of 需求清单: the needs that ``needs`` counts, in the order noted, each as it stood on the day of judging."""
    fields = ("subject", "content", "walk__department_id", "walk__department_name")
    fields += ("as_of_department", "as_of_unit", "as_of_reply_by", "as_of_reply", "as_of_replied_on")
    rows = figures.needs(query).order_by("walk__walk_date", "id")
    for subject, text, *units, reply_by, reply, replied_on in rows.values_list(*fields):
        unit = query.names.unit(*(units[2:] if units[2] else units[:2]))
        yield NeedSubject(subject).label, text, unit, reply_by, reply if replied_on else ""


def measure_rows(query: ReportQuery) -> Iterator[tuple]:
    """Rows of 解决措施清单: the measures that ``measures`` counts, by issue and order."""
    fields = ("as_of_responsible_department", "as_of_owner", "as_of_responsible_name", "as_of_due_on", "as_of_state")
    judged = {pk: values for pk, *values in _issues(query).values_list("pk", *fields)}
    progress = _progress(query)
    measures = figures.measures(query).order_by("issue__number", "round", "order", "id")
    for issue, number, text in measures.values_list("issue_id", "issue__number", "text"):
        unit, name, person, due, state = judged[issue]
        yield number, text, query.names.unit(unit, name), person, due, progress.get(issue, ""), _closed(state)


def rectification_rows(query: ReportQuery) -> Iterator[tuple]:
    """Rows of 问题整改清单: the issues that ``issues_found`` counts, with the measures that page and ledger show:
    those of the latest round that has any."""
    return (values for _, values in _rectified(query))


def _rectified(query: ReportQuery) -> Iterator[tuple[tuple[int, str], tuple]]:
    """((id and name of the unit that found it), the row) of each."""
    rows = list(_issues(query).select_related("item", "discovering_department", "proposed_department"))
    progress = _progress(query)
    shown = measures_by_issue((issue.pk for issue in rows), before=query.past_day and end_of(query.past_day))
    for issue in rows:
        finder, owner = issue.discovering_department, (issue.as_of_responsible_department, issue.as_of_owner)
        # Before it is assigned: 涉及单位, as on the list of one walk.
        if owner[0] is None and issue.proposed_department:
            owner = issue.proposed_department_id, issue.proposed_department.name
        values = (
            query.names.item(issue.item_id, issue.item and issue.item.name),
            Stage(issue.stage).label if issue.stage else "",
            issue.description,
            issue.category,
            issue.root_cause,
            numbered(measures_of(shown, issue)),
            query.names.unit(*owner),
            issue.as_of_responsible_name,
            issue.as_of_due_on,
            progress.get(issue.pk, ""),
            _closed(issue.as_of_state),
            issue.remark,
        )
        yield (finder.pk, query.names.unit(finder.pk, finder.name)), values


def _progress(query: ReportQuery) -> dict[int, str]:
    """{issue id: what was last said of the progress, by the day of judging}; one query."""
    return progress_of(Q(issue__in=figures.issues(query).values("pk"), at__lt=end_of(query.as_of)))


def _closed(state: str) -> str:
    return "是" if state in CLOSED_STATES else "否"


def _issues(query: ReportQuery):
    return figures.issues(query).order_by("number")


def _sheet(query: ReportQuery, name: str, columns: tuple[Column, ...], unit: str) -> SheetSpec:
    return SheetSpec(
        title=f"{query.campaign.name}{name}（{query.period.label}）",
        columns=columns,
        left_note=f"填报单位（盖章）：{unit}",
        right_note=SAMPLE,
        as_of=query.as_of,
        sheet_name=name,
    )
