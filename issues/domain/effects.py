"""What an action changes: each effect returns the columns to write and may add side rows in the same transaction."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from evidence.models import StoredFile
from issues.domain import due_dates, numbering
from issues.domain.alike import result_key
from issues.domain.amending import amend
from issues.domain.chases import records as chases
from issues.domain.context import IssueContext
from issues.domain.cooperation import note_help, set_units
from issues.domain.extensions import lifecycle as extensions
from issues.domain.incoming.answering import note_reply
from issues.domain.marks import MARK_EFFECTS
from issues.domain.measure_progress import track_measures
from issues.domain.search import index_text
from issues.domain.slips import lifecycle as slips
from issues.domain.unit_moves import to_successors
from issues.enums import EvidenceKind, Track
from issues.models import Issue, IssueEvidence, IssueRound, Measure

NAME_LENGTH = Issue._meta.get_field("responsible_name").max_length


def split_measures(text: str | None) -> list[str]:
    """One measure per line; leading ``1.`` ``2、`` ``①`` marks are dropped."""
    lines = (line.strip().lstrip("①②③④⑤⑥⑦⑧⑨⑩") for line in (text or "").splitlines())
    cleaned = (_without_number(line) for line in lines)
    return [line[:500] for line in cleaned if line]


def _without_number(line: str) -> str:
    head, mark, rest = line.partition("、") if "、" in line[:3] else line.partition(".")
    return rest.strip() if mark and head.strip().isdigit() and len(head.strip()) <= 2 and rest.strip() else line.strip()


def write_measures(
    issue: Issue,
    text: str,
    reductions: Iterable[tuple[str, int | None, int | None]] = (),
    *,
    now: datetime | None = None,
) -> None:
    """Replace this round's measures by one row per line. ``reductions`` are (kind, before, after) by line."""
    added_at = now or timezone.now()
    issue.measures.filter(round=issue.round).delete()
    lines = split_measures(text)
    claims = [*reductions, *[("", None, None)] * len(lines)]
    Measure.objects.bulk_create(
        Measure(
            issue=issue, round=issue.round, order=order, text=line, reduction=kind, before=before, after=after,
            added_at=added_at,
        )
            for order, (line, (kind, before, after)) in enumerate(zip(lines, claims, strict=False), start=1)
    )  # fmt: skip


def append_measures(issue: Issue, text: str, *, now: datetime) -> int:
    """Measures added to this round's, one a line; returns how many (条). Those that stand stay as they are."""
    last = issue.measures.filter(round=issue.round).aggregate(last=Max("order"))["last"] or 0
    lines = split_measures(text)
    Measure.objects.bulk_create(
        Measure(issue=issue, round=issue.round, order=order, text=line, added_at=now)
        for order, line in enumerate(lines, start=last + 1)
    )
    return len(lines)


def attach(issue: Issue, actor: User | None, files: Iterable[StoredFile], kind: str = EvidenceKind.PROOF) -> None:
    """File evidence under the present round."""
    IssueEvidence.objects.bulk_create(
        IssueEvidence(issue=issue, file=file, kind=kind, round=issue.round, added_by=actor) for file in files
    )


def register(ctx: IssueContext) -> dict[str, object]:
    """The number is given here."""
    number = numbering.take(ctx.issue.campaign)
    return {"number": number, "search_text": index_text(ctx.issue, number)}


def fix_on_spot(ctx: IssueContext) -> dict[str, object]:
    """Measures, result and the request for acceptance at once; the discoverer becomes responsible."""
    owner = ctx.issue.responsible_department_id or ctx.issue.discovering_department_id
    write_measures(ctx.issue, ctx.data["measures"], now=ctx.now)
    result = (ctx.data.get("result") or "").strip() or "见整改后照片"
    return {
        "responsible_department_id": owner,
        "responsible_person": ctx.person,
        "responsible_name": ctx.person.label[:NAME_LENGTH],
        "contact_phone": ctx.person.phone,
        "search_text": index_text(ctx.issue, person=ctx.person.name),
        "track": Track.ON_SPOT,
        "result": result,
        "result_key": result_key(result),
        "progress": f"{ctx.data['done_on']} 已立行立改",
        **_asked(ctx),
    }


def take(ctx: IssueContext) -> dict[str, object]:
    """The unit that found it becomes responsible."""
    return {"responsible_department_id": ctx.issue.discovering_department_id, "track": Track.LIMITED}


def assign(ctx: IssueContext) -> dict[str, object]:
    """Responsible and cooperating units, the date if one is set."""
    department = ctx.data["department"]
    set_units(ctx, department)
    changes = {
        "responsible_department_id": department.pk,
        "assigned_on": ctx.today,
        "track": Track.LIMITED,
        "search_text": index_text(ctx.issue, responsible=department.name),
    }
    return changes | (_due(ctx) if ctx.data.get("due_on") else {})


def dispute(ctx: IssueContext) -> dict[str, object]:
    """One more dispute; the responsible unit stays until the dispute is decided."""
    return {"disputes": ctx.issue.disputes + 1}


def plan(ctx: IssueContext) -> dict[str, object]:
    """Measures, person, track and date; the first date ever set stays in ``first_due_on``."""
    data, person = ctx.data, ctx.data.get("responsible_person")
    name = person.label[:NAME_LENGTH] if person else data["responsible_name"].strip()
    write_measures(ctx.issue, data["measures"], data.get("reductions") or (), now=ctx.now)
    return {
        "responsible_person": person,
        "responsible_name": name,
        "search_text": index_text(ctx.issue, person=name),
        "contact_phone": (data.get("contact_phone") or (person.phone if person else "")).strip(),
        "track": data.get("track") or Track.LIMITED,
        "progressed_on": ctx.today,
        **_due(ctx),
    }


def defer(ctx: IssueContext) -> dict[str, object]:
    """The clock stops until the review date."""
    return {"review_on": ctx.data["review_on"], "clock_stopped_on": ctx.today}


def resume(ctx: IssueContext) -> dict[str, object]:
    """The 工作日 during which the clock stood still are added to the date in force; the first date stays as it was.
    ``resume_planning`` does the same: a date may have been set with the assignment."""
    changes: dict[str, object] = {"review_on": None, "clock_stopped_on": None, "referred_to": ""}
    changes["progressed_on"] = ctx.today
    if ctx.data.get("due_on") and not ctx.issue.due_on:
        return changes | _due(ctx)
    return changes | due_dates.resumed(ctx.issue, today=ctx.today, calendar=ctx.calendar)


def refer(ctx: IssueContext) -> dict[str, object]:
    """The clock stops while another body holds it."""
    return {"referred_to": ctx.data["referred_to"].strip(), "clock_stopped_on": ctx.today}


def request_closing(ctx: IssueContext) -> dict[str, object]:
    """The numbers of claimed reductions, the result, who asked and on which day."""
    for claim in ctx.claims:
        before, after = ctx.data.get("effects", {}).get(claim.pk, (claim.before, claim.after))
        Measure.objects.filter(pk=claim.pk).update(before=before, after=after)
    result = ctx.data["result"].strip()
    return {"result": result, "result_key": result_key(result), **_asked(ctx)}


def approve_closing(ctx: IssueContext) -> dict[str, object]:
    """Who struck it off and on which day; more time that was asked for is needed no more, 督办单 end."""
    _let_lapse(ctx, "问题已销号")
    slips.settle_all(issue=ctx.issue, now=ctx.now, words="问题已销号")
    return {"closed_by": ctx.actor, "closed_on": ctx.today}


def return_closing(ctx: IssueContext) -> dict[str, object]:
    """The request is void; the history keeps it. What was 立行立改 and had no date is given one."""
    changes: dict[str, object] = {"closing_requested_by": None, "closing_requested_on": None}
    changes["progressed_on"] = ctx.today
    return changes | (_due(ctx) if ctx.data.get("due_on") and not ctx.issue.due_on else {})


def look_back_pass(ctx: IssueContext) -> dict[str, object]:
    """The finding."""
    return {"look_back_note": f"通过：{ctx.data['note'].strip()}"[:500]}


def look_back_fail(ctx: IssueContext) -> dict[str, object]:
    """Round n is kept as it was struck off; round n+1 opens under the same number with a new date."""
    issue = ctx.issue
    IssueRound.objects.create(
        issue=issue,
        number=issue.round,
        due_on=issue.due_on,
        result=issue.result,
        requested_by=issue.closing_requested_by,
        requested_on=issue.closing_requested_on,
        closed_by=issue.closed_by,
        closed_on=issue.closed_on,
        finding=ctx.data["note"].strip()[:500],
    )
    return {
        "round": issue.round + 1,
        "rebounds": issue.rebounds + 1,
        "progressed_on": ctx.today,
        "result": "",
        "result_key": "",
        "closing_requested_by": None,
        "closing_requested_on": None,
        "closed_by": None,
        "closer_name": "",
        "closed_on": None,
        "look_back_note": f"未通过：{ctx.data['note'].strip()}"[:500],
        **to_successors(issue),
        **_due(ctx),
    }


def merge(ctx: IssueContext) -> dict[str, object]:
    """Points to the issue that goes on; both numbers stay."""
    _let_lapse(ctx, "问题已并案")
    slips.settle_all(issue=ctx.issue, now=ctx.now, words="问题已并案")
    return {"merged_into": ctx.merge_target}


def dismiss(ctx: IssueContext) -> dict[str, object]:
    """No column but the state."""
    return {}


def note_progress(ctx: IssueContext) -> dict[str, object]:
    """The latest word on the progress; the history keeps those before it."""
    return {"progress": ctx.data["note"].strip()[:1000], "progressed_on": ctx.today}


def add_measures(ctx: IssueContext) -> dict[str, object]:
    """More measures for the present round: above all after a failed look-back, when a new round has none yet."""
    append_measures(ctx.issue, ctx.data["measures"], now=ctx.now)
    return {"progressed_on": ctx.today}


def propose_dismissal(ctx: IssueContext) -> dict[str, object]:
    """The first of the two people of 不予采纳 and its reason; another person confirms by ``dismiss``."""
    return {"dismissal_proposed_by": ctx.actor, "dismissal_reason": ctx.data["note"].strip()[:500]}


def confirm_due(ctx: IssueContext) -> dict[str, object]:
    """The distant date counts from now on."""
    return due_dates.confirmed(ctx.issue, today=ctx.today, calendar=ctx.calendar)


def refuse_due(ctx: IssueContext) -> dict[str, object]:
    """The date in force stays."""
    return dict(due_dates.NOTHING_PROPOSED)


def ask_extension(ctx: IssueContext) -> dict[str, object]:
    """The date in force stays until somebody else has decided."""
    issue = ctx.issue
    if issue.due_on is None or issue.responsible_department_id is None:
        raise ValueError("more time asked for without a date or a unit, which the guards refuse")
    extensions.ask(
        issue=issue,
        unit_id=issue.responsible_department_id,
        old=issue.due_on,
        due_on=ctx.data["extension_to"],
        reason=ctx.data["note"].strip(),
        side=ctx.extension_side,
        actor=ctx.person,
        now=ctx.now,
    )
    return {}


def grant_extension(ctx: IssueContext) -> dict[str, object]:
    """The date asked for is in force, wherever pauses have moved it; the first date stays."""
    old, asked = ctx.open_extension.old_due_on, ctx.open_extension.asked_due_on
    due = due_dates.extended_to(asked=asked, old=old, due_on=ctx.issue.due_on or old, calendar=ctx.calendar)
    _end_extension(ctx, "grant", granted_due_on=due)
    return due_dates.extended(ctx.issue, due, today=ctx.today, calendar=ctx.calendar)


def deny_extension(ctx: IssueContext) -> dict[str, object]:
    """The date in force stays."""
    _end_extension(ctx, "deny")
    return {}


def withdraw_extension(ctx: IssueContext) -> dict[str, object]:
    """The date in force stays."""
    _end_extension(ctx, "withdraw")
    return {}


def chase(ctx: IssueContext) -> dict[str, object]:
    """A notice to each, and a row that says when it was opened."""
    words = str(ctx.data.get("note") or "").strip()
    chases.record(issue=ctx.issue, people=ctx.to_chase, words=words, actor=ctx.person, now=ctx.now)
    return {}


def _end_extension(ctx: IssueContext, action: str, *, granted_due_on: date | None = None) -> None:
    words = str(ctx.data.get("note") or "").strip()
    extensions.end(ctx.open_extension, action, actor=ctx.actor, now=ctx.now, words=words, granted_due_on=granted_due_on)


def _let_lapse(ctx: IssueContext, words: str) -> None:
    if ctx.extension is not None:
        extensions.end(ctx.extension, "lapse", actor=None, now=ctx.now, words=words)


def _due(ctx: IssueContext) -> dict[str, object]:
    """The date of the form."""
    return due_dates.changed_to(
        ctx.issue,
        ctx.data["due_on"],
        today=ctx.today,
        calendar=ctx.calendar,
        actor=ctx.actor,
        confirms=ctx.confirms_due,
    )


def _asked(ctx: IssueContext) -> dict[str, object]:
    return {"closing_requested_by": ctx.actor, "closing_requested_on": ctx.today}


def nothing(ctx: IssueContext) -> dict[str, object]:
    """No column but the state."""
    return {}


EFFECTS: dict[str, Callable[[IssueContext], dict[str, object]]] = {
    "register": register,
    "fix_on_spot": fix_on_spot,
    "take": take,
    "assign": assign,
    "accept": nothing,
    "dispute": dispute,
    "plan": plan,
    "defer": defer,
    "resume": resume,
    "resume_planning": resume,
    "refer": refer,
    "request_closing": request_closing,
    "approve_closing": approve_closing,
    "return_closing": return_closing,
    "look_back_pass": look_back_pass,
    "look_back_fail": look_back_fail,
    "merge": merge,
    "dismiss": dismiss,
    "confirm_due": confirm_due,
    "refuse_due": refuse_due,
    "chase": chase,
    "ask_extension": ask_extension,
    "grant_extension": grant_extension,
    "deny_extension": deny_extension,
    "withdraw_extension": withdraw_extension,
    "note_progress": note_progress,
    "note_help": note_help,
    "track_measures": track_measures,
    "add_measures": add_measures,
    "propose_dismissal": propose_dismissal,
    "amend": amend,
    "note_reply": note_reply,
    **MARK_EFFECTS,
}
