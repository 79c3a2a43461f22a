"""A walk: what was done step by step, what was found, and what comes next."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.enums import Component
from issues.domain.intake import counts
from issues.views.sheet import history, read_sheet, seen_walk, stage_track
from issues.views.walk_acts import offered
from walks import rules
from walks.domain.components import part_of
from walks.domain.lifecycle import missing_for_record
from walks.domain.queries import readers_of
from walks.enums import SessionState
from walks.forms.walks import WaitingForm

NEXT_WORDS = {
    SessionState.PLANNED: "暗访当天到现场后点“开始体验”，再逐个记环节。",
    SessionState.IN_PROGRESS: "走到哪一步就记哪一步，可分几天记。全部走完后，由联络员补全登记。",
    SessionState.RETURNED: "接收单位已退回。请按退回原因补正，再登记完成、签字、报送。",
    SessionState.RECORDED: "登记已完成，等主要负责同志核对签字。",
    SessionState.SIGNED: "主要负责同志已签字，等联络员报送。",
    SessionState.REPORTED: "已报送，等接收单位接收。",
    SessionState.ACCEPTED: "接收单位已接收，问题在台账中继续办理。",
    SessionState.CANCELLED: "本次体验已取消，记录保留。",
}


@require_safe
def walk(request, pk):
    session = seen_walk(request, pk)
    is_open = rules.may_edit(request.user, session)
    sheet = read_sheet(session, request.user)
    context = sheet | {
        "stages": stage_track(session, sheet["steps"]),
        "is_open": is_open,
        "draws_url": _draws_url(session) if is_open else "",
        "add_url": _add_url(session, sheet),
        "history": history(session),
        "next_words": NEXT_WORDS.get(session.state, ""),
        "missing": missing_parts(session) if is_open else [],
        "waiting_form": WaitingForm(),
        "acts": offered(request.user, session),
        "may_begin": rules.may_begin(request.user, session),
        "may_name": rules.may_name_readers(request.user, session),
        "readers": readers_of(session) if session.is_hidden else [],
    }
    return render(request, "issues/walk/walk.html", context)


def _draws_url(session) -> str:
    """Where the items of a 业务检查 are drawn, for a walk that needs one."""
    asked = part_of(session, Component.BUSINESS_CHECK)
    return reverse("draws", args=[session.campaign.code]) if asked else ""


def _add_url(session, sheet: dict) -> str:
    """Where the next 环节 is noted: a stage of the service, else the first part that is not complete."""
    if sheet["with_steps"]:
        return reverse("walk_step_add", args=[session.pk])
    urls = [part["add_url"] for part in sheet["parts"] if not part["is_met"]]
    return next(iter(urls), sheet["parts"][-1]["add_url"])


def missing_parts(session) -> list[dict]:
    """What still lacks before the walk can be recorded, each with the link to the place where it is filled in."""
    total, unclassified = counts(session)
    missing = missing_for_record(session, issues_total=total, issues_unclassified=unclassified)
    complete = reverse("walk_complete", args=[session.pk])
    step = reverse("walk_step_add", args=[session.pk])
    places = {"steps": step, "photos": step, "issues": f"{complete}#problems"}
    return [
        {"name": name, "text": text, "url": places.get(name, f"{complete}#id_{name}")} for name, text in missing.items()
    ]
