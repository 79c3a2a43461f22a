"""A unit's pack of a period: what is sent, and sending it; one submission, its steps and what changed since."""

import io
from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.queries import unit_names
from accounts.models import Department
from accounts.scope import scope_of
from campaigns.domain.rulebook.duties import Unit
from core import audit
from core.calendar import work_calendar
from core.forms import is_repeat, refusals
from core.workdays import late_words
from reports.documents.registry import CONTENT_TYPES, PAPERS
from reports.domain.compile import period_in
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.submissions import lifecycle as life
from reports.domain.submissions import papers
from reports.domain.submissions.content import (
    changes_of,
    content_of,
    has_reported,
    query_of_unit,
    walks_done,
    zero_from,
)
from reports.domain.submissions.parts import Part, kinds_label
from reports.domain.submissions.queries import events_of, submissions_visible_to
from reports.domain.submissions.transitions import TABLE
from reports.enums import WITH_UNIT
from reports.forms.submissions import SendForm, SubmissionActForm
from reports.links import Links
from reports.models import Submission
from reports.views.submissions import own_period
from walks.enums import REPORTED_STATES
from walks.models import Walk

CHANGES_SHOWN = 50
ICONS = {"lock": "lock", "return": "arrow-return-left", "send_on": "send-check", "receive": "check2-circle"}


@require_http_methods(["GET", "HEAD", "POST"])
def submission_send(request, code, period, department):
    parsed = own_period(request, code, period)
    query, today = parsed.query, timezone.localdate()
    if department not in scope_of(request.user).units:
        raise Http404
    rows = life.sent_of(request.user, query.campaign, query.period, department)
    owed = [] if rows else life.owed_by(query.campaign, query.period, department, today)
    if not rows and not owed:
        raise Http404
    if is_repeat(request):
        return redirect("submissions", code, period)
    walks = list(walks_done(query.campaign, query.period, department))
    form = SendForm(
        request.POST if request.method == "POST" else None, token=life.token_of_parts(rows), zero=not walks
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _send(request, parsed, department, form)
            return redirect("submissions", code, period)
    context = parsed.place | _period_of(query, rows, owed, walks, today)
    context |= {"form": form, "is_zero": "note" in form.fields}
    context |= _papers_of(parsed, context["unit"]) if walks and context["waiting"] else {}
    return render(request, "reports/submissions/send.html", context, status=form.status)


@require_safe
def submission(request, pk):
    return render(request, "reports/submissions/submission.html", _sheet(request, seen_submission(request, pk)))


@require_safe
def submission_paper(request, pk, kind):
    shown = seen_submission(request, pk)
    file = get_object_or_404(papers.papers_sent(shown).defer(None), paper=kind)
    detail = {"period": shown.period, "unit": shown.department.name, "paper": kind, "sha256": file.sha256}
    key = f"{shown.campaign.code}-{shown.public_id}"
    audit.record(
        actor=request.user, action="submission.downloaded", object_type="submission", object_key=key, detail=detail
    )
    content_type = CONTENT_TYPES[PAPERS[kind].native]
    return FileResponse(
        io.BytesIO(bytes(file.content)), as_attachment=True, filename=file.name, content_type=content_type
    )


@require_http_methods(["GET", "HEAD", "POST"])
def submission_act(request, pk, action):
    shown = seen_submission(request, pk)
    if action not in TABLE.by_action or action in life.BY_UNIT:
        raise Http404
    if is_repeat(request):
        return redirect("submission", pk)
    row = life.require_actor(shown, action, request.user)
    life.require_state(shown, row)
    form = SubmissionActForm(request.POST if request.method == "POST" else None, submission=shown, row=row)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _carry_out(request.user, shown, action, form)
            messages.success(request, f"已{row.label}。")
            return redirect("submission", pk)
    context = _sheet(request, shown) | {"row": row, "form": form, "icon": ICONS.get(action, "arrow-return-left")}
    return render(request, "reports/submissions/act.html", context, status=form.status)


def seen_submission(request, pk) -> Submission:
    """The submission when the person may know of it, else 404."""
    return get_object_or_404(submissions_visible_to(request.user).select_related(*life.NAMED), public_id=pk)


def _papers_of(parsed, unit: Department | Unit) -> dict:
    """The unit's own papers that go with what is sent now, and numbers typed into their texts."""
    query = query_of_unit(parsed.query.campaign, parsed.query.period, unit.id, unit.name, timezone.localdate())
    links = Links(query)
    own = [
        (one, links.paper(one.key, unit=unit.id), links.paper_text(one.key, unit=unit.id))
        for one in papers.own_papers(query)
    ]
    return {"papers": own, "texts": papers.edited_texts(query) if own else []}


def _send(request, parsed, department: int, form: SendForm) -> None:
    query, zero = parsed.query, "note" in form.fields
    # Photos are not read and templates not filled inside the transaction of ``once``.
    asked = (query.campaign, query.period, department, timezone.localdate())
    prepared = {} if zero else life.prepare_papers(*asked)
    _, is_new = form.once(
        request.user,
        f"submission.send:{query.campaign.pk}:{query.period.code}:{department}",
        lambda: len(
            life.send(
                campaign=query.campaign,
                period=query.period,
                unit_id=department,
                actor=request.user,
                zero=zero,
                note=form.cleaned_data.get("note", ""),
                seen=form.seen_token,
                prepared=prepared,
            )
        ),
    )
    if is_new:
        messages.success(request, f"{query.period.label}{'零报告' if zero else '材料'}已报送。")


def _period_of(query: ReportQuery, rows: list[Submission], owed: list[Part], walks: list[Walk], today: date) -> dict:
    """What stands of the unit's period: what was sent or is owed, the walks, and whether anything can be sent now."""
    unit = rows[0].department if rows else owed[0].unit
    due_on = max([row.due_on for row in rows] or [part.due_on for part in owed])
    first_day = zero_from(query.period, due_on)
    return {
        "unit": unit,
        "parts": _sent(rows, query, today) if rows else _owed(owed, query, today),
        "waiting": bool(owed) or any(row.state in WITH_UNIT for row in rows),
        "walks": walks,
        "reported_states": REPORTED_STATES,
        "zero_from": first_day if not walks and today < first_day else None,
        "has_reported": not walks or has_reported(query.campaign, query.period, unit.id, today),
    }


def _owed(parts: list[Part], query: ReportQuery, today: date) -> list[dict]:
    """Each part that the unit owes, with what goes out now."""
    names, calendar = unit_names({pk for part in parts for pk in (part.receiver, *part.also)}), work_calendar()
    return [
        {
            "kinds": part.kinds_label,
            "is_provisional": part.is_provisional,
            "row": None,
            "kept": False,
            "receivers": "、".join(names[pk] for pk in (part.receiver, *part.also)),
            "figures": _figures(_content(query, part.unit.id, part.activity_kinds, today)),
            "late": late_words(part.due_on, today, calendar),
            "due_on": part.due_on,
        }
        for part in parts
    ]


def _sent(rows: list[Submission], query: ReportQuery, today: date) -> list[dict]:
    """Each part as it was sent; one that is back with the unit with what goes out now."""
    calendar, found = work_calendar(), []
    for row in rows:
        kept = row.state not in WITH_UNIT
        numbers = row.data["figures"] if kept else _content(query, row.department_id, row.activity_kinds, today)
        found.append(
            {
                "kinds": kinds_label(row.activity_kinds),
                "row": row,
                "kept": kept,
                "receivers": "、".join(unit.name for unit in (row.receiver, *row.also_received_by.all())),
                "figures": _figures(numbers),
                "late": late_words(row.due_on, timezone.localtime(row.first_sent_at).date(), calendar),
                "due_on": row.due_on,
            }
        )
    return found


def _content(query: ReportQuery, unit_id: int, kinds: Iterable[str] | None, today: date) -> dict[str, int]:
    return content_of(query.campaign, query.period, unit_id, kinds, today).figures


def _figures(numbers: dict[str, int]) -> list[tuple]:
    """(figure, number) in fixed order."""
    return [(FIGURES[key], number) for key, number in numbers.items()]


def _sheet(request, shown: Submission) -> dict:
    """What the page of a submission and the pages of its steps show."""
    period, today = period_in(shown.campaign, shown.period), timezone.localdate()
    changes = changes_of(shown, period, today)
    first = shown.first_sent_at
    late = late_words(shown.due_on, timezone.localtime(first).date(), work_calendar()) if first else ""
    return {
        "submission": shown, "campaign": shown.campaign, "period": period, "late": late,
        "kinds": kinds_label(shown.activity_kinds), "figures": _figures(shown.data.get("figures", {})),
        "counted": {kind: len(rows) for kind, rows in shown.data.get("rows", {}).items()},
        "changes": changes[:CHANGES_SHOWN], "more": max(0, len(changes) - CHANGES_SHOWN),
        "events": _history(shown), "steps": life.available(request.user, shown),
        "papers": [(PAPERS[file.paper], file) for file in papers.papers_sent(shown)],
        "may_send": shown.department_id in scope_of(request.user).units and shown.state in WITH_UNIT,
    }  # fmt: skip


def _history(shown: Submission) -> list[dict]:
    return [
        {
            "title": TABLE.by_action[event.kind].label,
            "actor": event.actor,
            "at": event.at,
            "note": event.note,
            "state": TABLE.by_action[event.kind].target,
        }
        for event in events_of(shown)
    ]


def _carry_out(user, shown: Submission, action: str, form: SubmissionActForm) -> None:
    data = form.cleaned_data
    form.once(
        user,
        f"submission.{action}:{shown.pk}",
        lambda: (
            life.perform(
                submission=shown, action=action, actor=user, note=data.get("note", ""), version=data["version"]
            ).version
        ),
    )
