"""Issues an office brings in from its own ledger: made in the state its columns say, changed and taken back until
somebody works on them. Beside ``lifecycle.perform`` the only writer of ``Issue.state``.

Nothing is told to anybody: what is brought in has happened before. The caller (``ledgers``) reads the table, knows a
row again and keeps what was done; it holds the lock of imports and a transaction.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django.db.models import F, Max, Model, QuerySet

from accounts.models import Department, User
from campaigns.models import Campaign
from core.bulk_insert import insert_rows
from issues.domain import numbering
from issues.domain.alike import result_key
from issues.domain.incoming.reporter import Reporter
from issues.domain.queries import cooperating_by_issue
from issues.domain.search import index_words
from issues.models import Cooperation, Enquiry, Incoming, Issue, IssueEvent, IssueRound, Measure, Slip

# The kind of the event that names the batch.
IMPORT = "import"
BATCH = 500
# What of an issue a table tells, beside its measures and the units that help.
TOLD = (
    "original_number", "source_number", "region_id", "walk_id", "item_id", "discovering_department_id",
    "proposed_department_id", "proposed_name", "responsible_department_id", "lead_department_id", "state", "round",
    "rebounds", "description", "category", "source", "track", "found_on", "period", "due_on", "first_due_on",
    "due_set_on", "due_provisional", "responsible_person_id", "responsible_name", "contact_phone", "progress",
    "result", "closing_requested_on", "closed_by_id", "closed_on", "closer_name", "look_back_note", "remark",
    "search_text", "result_key",
)  # fmt: skip

# {name of a field: name of its column on an instance}.
ATTNAMES = {field.name: field.attname for field in Issue._meta.concrete_fields}
# What of the issue its event keeps as it stood.
AS_IT_STANDS = (
    "version", "due_on", "closing_requested_on", "round", "track", "responsible_department_id", "responsible_name",
)  # fmt: skip


@dataclass(frozen=True)
class ImportedIssue:
    """One issue as a table tells it. ``facts``: fields of ``Issue`` by name, its state among them.

    ``finding``: of a look-back that failed, in words; the round before is then kept as it ended. ``event``: what the
    event tells, JSON, the batch as ``source``. ``told``: what came with a reported problem (来件).
    """

    facts: dict[str, Any]
    measures: tuple[str, ...] = ()
    cooperating: tuple[Department, ...] = ()
    finding: str = ""
    event: dict[str, str] = field(default_factory=dict)
    told: Reporter | None = None


class MadeIssue(SimpleNamespace):
    """An issue that was just written: its columns, named as on an instance."""

    pk: int
    number: str
    version: int
    description: str


def make_imported(
    *, campaign: Campaign, told: Sequence[ImportedIssue], actor: User | None, now: datetime
) -> list[MadeIssue]:
    """The issues, numbered in the order given. Side effects in order: the numbers; issues; measures; ended rounds;
    units that help; an event each. A fixed number of statements for every 1000."""
    numbers = numbering.take_many(campaign, len(told))
    rows = [_row(campaign, one, number, actor) for one, number in zip(told, numbers, strict=True)]
    issues = _insert(rows, told, now)
    _write_sides(list(zip(issues, told, strict=True)), now)
    _write_events(list(zip(issues, told, strict=True)), actor, now)
    return issues


def change_imported(
    *, issue: Issue, told: ImportedIssue, version: int, actor: User | None, now: datetime
) -> Issue | None:
    """The issue as the table tells it now; None when it is no longer at ``version``. Side effects in order: the issue
    by an UPDATE bound to that version; its measures and the units that help anew; an event."""
    wanted = _row(issue.campaign, told, issue.number or "", actor)
    return _put(issue, {name: wanted[name] for name in TOLD}, told, version, actor, now)


def as_told(issue_ids: Collection[int]) -> dict[int, dict]:
    """{issue: what ``restore_imported`` needs to bring it back, JSON}; three queries."""
    rows = Issue.objects.filter(pk__in=issue_ids).values("pk", *TOLD)
    kept: dict[int, dict] = {row.pop("pk"): {name: _plain(value) for name, value in row.items()} for row in rows}
    helped = cooperating_by_issue(issue_ids)
    measures = Measure.objects.filter(issue_id__in=issue_ids).order_by("issue_id", "round", "order")
    for pk, facts in kept.items():
        facts["cooperating"], facts["measures"] = sorted(helped.get(pk, ())), []
    for issue_id, text in measures.values_list("issue_id", "text"):
        kept[issue_id]["measures"].append(text)
    return kept


def restore_imported(
    *, issue: Issue, kept: dict, version: int, event: dict, actor: User | None, now: datetime
) -> Issue | None:
    """The issue as it was before an import changed it; None when it is no longer at ``version``."""
    columns = {column.attname: column for column in Issue._meta.concrete_fields}
    values = {name: columns[name].to_python(kept[name]) for name in TOLD}
    units = tuple(Department.objects.filter(pk__in=kept["cooperating"]))
    told = ImportedIssue({}, measures=tuple(kept["measures"]), cooperating=units, event=event)
    return _put(issue, values, told, version, actor, now)


def held_by_more(issues: QuerySet[Issue]) -> set[int]:
    """Ids of those that have more records than an import writes and their version shows: a 督办单, an enquiry, an issue
    joined to them; three queries."""
    slips = Slip.objects.filter(issue__in=issues.values("pk")).values_list("issue_id", flat=True)
    joined = Issue.objects.filter(merged_into__in=issues.values("pk")).values_list("merged_into_id", flat=True)
    asked = Enquiry.objects.filter(issue__in=issues.values("pk")).values_list("issue_id", flat=True)
    return {*slips, *joined, *asked} - {None}


def acted_on(issues: QuerySet[Issue]) -> set[int]:
    """Ids of those whose history tells of more than imports: the database keeps them. A 催办 is such an event, though
    the version stays as it was. One query."""
    events = IssueEvent.objects.filter(issue__in=issues.values("pk")).exclude(kind=IMPORT)
    return set(events.values_list("issue_id", flat=True))


def remove_imported(issue_ids: Iterable[int]) -> None:
    """Take back issues nobody has worked on, with everything an import wrote; their numbers are never given again. The
    database refuses it of any other issue (``issues/migrations/0002_triggers.py``)."""
    ids = list(issue_ids)
    for start in range(0, len(ids), BATCH):
        Issue.objects.filter(pk__in=ids[start : start + BATCH]).delete()


# What a column holds of which nothing is told; the id that is shown is each issue's own.
_DEFAULTS: dict[str, Any] = {
    one.attname: None if one.attname == "public_id" else one.get_default()
    for one in Issue._meta.concrete_fields
    if not (one.primary_key or one.generated)
}
_PUBLIC_ID = Issue._meta.get_field("public_id").get_default


def _row(campaign: Campaign, told: ImportedIssue, number: str, actor: User | None) -> dict[str, Any]:
    """The issue by its columns. An instance would cost several times as much, and a ledger has thousands of rows."""
    facts = told.facts
    row = _DEFAULTS | {"campaign_id": campaign.pk, "number": number, "reported_by_id": actor.pk if actor else None}
    for name, value in facts.items():
        row[ATTNAMES.get(name, name)] = value.pk if isinstance(value, Model) else value
    unit = facts.get("responsible_department")
    row["public_id"] = _PUBLIC_ID()
    row["search_text"] = index_words(
        (number, row["original_number"], row["source_number"]), facts.get("item"), facts["discovering_department"],
        unit.name if unit else "", row["responsible_name"], row["description"],
    )  # fmt: skip
    row["result_key"] = result_key(row["result"])
    return row


def _insert(rows: Sequence[dict[str, Any]], told: Sequence[ImportedIssue], now: datetime) -> list[MadeIssue]:
    """Write the issues and give them their keys. What no row tells has one value for all of them."""
    names = {name for one in told for name in one.facts} | {"public_id", "number", "search_text", "result_key"}
    columns = {ATTNAMES.get(name, name) for name in names}
    common = {name: rows[0][name] for name in ("campaign_id", "reported_by_id")} if rows else {}
    last = Issue.objects.aggregate(last=Max("pk"))["last"] or 0
    insert_rows(Issue, rows, columns=columns, common={**common, "created_at": now, "updated_at": now})
    keys = dict(Issue.objects.filter(pk__gt=last).values_list("number", "pk"))
    return [MadeIssue(pk=keys[row["number"]], **row) for row in rows]


def _put(
    issue: Issue, values: dict, told: ImportedIssue, version: int, actor: User | None, now: datetime
) -> Issue | None:
    rows = Issue.objects.filter(pk=issue.pk, version=version)
    rest = {name: value for name, value in values.items() if name != "state"}
    if not rows.update(state=values["state"], version=F("version") + 1, updated_at=now, **rest):
        return None
    issue.refresh_from_db()
    issue.measures.all().delete()
    issue.cooperating.clear()
    if told.told is not None:
        # One whose personal data was erased stays as it is, and no other is written beside it.
        Incoming.objects.filter(issue=issue, erased_at=None).delete()
    _write_sides([(issue, told)], now)
    _write_events([(issue, told)], actor, now)
    return issue


def _write_sides(pairs: Sequence[tuple[Issue | MadeIssue, ImportedIssue]], now: datetime) -> None:
    insert_rows(
        Measure,
        (
            {"issue_id": issue.pk, "round": issue.round, "order": order, "text": text}
            for issue, told in pairs
            for order, text in enumerate(told.measures, start=1)
        ),
        columns=("issue_id", "round", "order", "text"),
        common={"added_at": now},
    )
    IssueRound.objects.bulk_create(
        [
            IssueRound(issue_id=issue.pk, number=1, due_on=issue.due_on, result=issue.progress, finding=told.finding)
            for issue, told in pairs
            if told.finding
        ],
        batch_size=BATCH,
        # A table that says the same again finds the round it made.
        ignore_conflicts=True,
    )
    Incoming.objects.bulk_create(
        [
            Incoming(issue_id=issue.pk, entered_by_id=issue.reported_by_id, entered_at=now, **told.told.stored())
            for issue, told in pairs
            if told.told
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    Cooperation.objects.bulk_create(
        (Cooperation(issue_id=issue.pk, department_id=unit.pk) for issue, told in pairs for unit in told.cooperating),
        batch_size=BATCH,
    )


def _write_events(pairs: Sequence[tuple[Issue | MadeIssue, ImportedIssue]], actor: User | None, now: datetime) -> None:
    insert_rows(
        IssueEvent,
        (
            {"issue_id": issue.pk, "to_state": issue.state, "data": told.event}
            | {name: getattr(issue, name) for name in AS_IT_STANDS}
            for issue, told in pairs
        ),
        columns=("issue_id", "to_state", "data", *AS_IT_STANDS),
        common={"kind": IMPORT, "actor_id": actor.pk if actor else None, "at": now},
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
