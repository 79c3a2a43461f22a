"""三张清单 (F6, L22 附件2) and 问题整改清单 (F5, W23 附件3) as workbooks: the rows of a period's figures.

Their columns are not printed in the notices: the layout is ours, headed 参考样式.
"""

import io
from collections.abc import Iterator

from campaigns.enums import ActivityKind
from core.xlsx import Column, SheetSpec, write_workbook
from issues.domain.queries import measures_by_issue
from issues.enums import CLOSED_STATES, IssueSource, Track
from issues.models import IssueEvent, NeedSubject
from reports.domain import figures
from reports.domain.figures import ReportQuery
from walks.domain.as_of import end_of
from walks.enums import Stage

SAMPLE = "参考样式"
TELLS_PROGRESS = ("fix_on_spot", "note_progress", "request_closing")
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


def three_lists(query: ReportQuery, *, unit: str) -> bytes:
    """问题清单、需求清单、解决措施清单 in one workbook. ``unit``: who fills in, for the head. Same rows, same bytes."""
    file = io.BytesIO()
    write_workbook(
        file,
        [
            (_sheet(query, "问题清单", ISSUES, unit), issue_rows(query)),
            (_sheet(query, "需求清单", NEEDS, unit), need_rows(query)),
            (_sheet(query, "解决措施清单", MEASURES, unit), measure_rows(query)),
        ],
    )
    return file.getvalue()


def rectification_list(query: ReportQuery, *, unit: str) -> bytes:
    """问题整改清单 of a period as a workbook."""
    file = io.BytesIO()
    write_workbook(file, [(_sheet(query, "问题整改清单", RECTIFICATION, unit), rectification_rows(query))])
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
    """Rows of 需求清单: the needs that ``needs`` counts, in the order noted, with the answer given by that day."""
    fields = ("subject", "content", "department__name", "walk__department_name", "reply_by", "reply", "replied_on")
    rows = figures.needs(query).order_by("walk__walk_date", "id").values_list(*fields)
    for subject, text, unit, found_by, reply_by, reply, replied_on in rows:
        answered = replied_on is not None and replied_on <= query.as_of
        yield NeedSubject(subject).label, text, unit or found_by, reply_by, reply if answered else ""


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
    rows = list(_issues(query).select_related("item"))
    progress = _progress(query)
    shown = measures_by_issue((issue.pk for issue in rows), before=query.past_day and end_of(query.past_day))
    for issue in rows:
        measures = [line["text"] for line in shown.get(issue.pk, ())]
        numbered = "\n".join(f"{place}.{text}" for place, text in enumerate(measures, 1)) if len(measures) > 1 else ""
        yield (
            query.names.item(issue.item_id, issue.item and issue.item.name),
            Stage(issue.stage).label if issue.stage else "",
            issue.description,
            issue.category,
            "",
            numbered or "".join(measures),
            query.names.unit(issue.as_of_responsible_department, issue.as_of_owner),
            issue.as_of_responsible_name,
            issue.as_of_due_on,
            progress.get(issue.pk, ""),
            _closed(issue.as_of_state),
            issue.remark,
        )


def _progress(query: ReportQuery) -> dict[int, str]:
    """{issue id: what was last said of the progress, by the day of judging}; one query."""
    said = IssueEvent.objects.filter(issue__in=figures.issues(query).values("pk"), kind__in=TELLS_PROGRESS)
    return dict(said.filter(at__lt=end_of(query.as_of)).order_by("pk").values_list("issue_id", "note"))


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
