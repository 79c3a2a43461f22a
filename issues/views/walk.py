"""A walk: what was done step by step, what was found, and what comes next."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.enums import Component
from issues.domain.intake import findings_of
from issues.domain.lookback.lifecycle import available as available_on
from issues.domain.lookback.lifecycle import takes_binding
from issues.views.walk_acts import buttons
from issues.views.walk_sheet import history, read_sheet, seen_walk, show_likely, stage_track
from walks.domain.components import component_of
from walks.domain.covert import readers_of
from walks.domain.guards import missing_for_record
from walks.domain.lifecycle import available
from walks.domain.unheld import unheld_words
from walks.enums import WalkState
from walks.forms.walks import WaitingForm
from walks.rules import may_name_readers

NEXT_WORDS = {
    WalkState.PLANNED: "暗访当天到现场后点“开始体验”，再逐个登记步骤。",
    WalkState.IN_PROGRESS: "走到哪一步就登记哪一步，可分几天登记。全部走完后，由联络员补全登记。",
    WalkState.RETURNED: "接收单位已退回。请按退回原因补正，再登记完成、签字、报送。",
    WalkState.RECORDED: "登记已完成，等主要负责同志核对签字。",
    WalkState.SIGNED: "主要负责同志已签字，等联络员报送。",
    WalkState.REPORTED: "已报送，等接收单位接收。",
    WalkState.ACCEPTED: "接收单位已接收，问题在台账中继续办理。",
    WalkState.CANCELLED: "本次体验已取消，记录保留。",
}
# Of a covert walk the liaison knows nothing before it is reported.
COVERT_WORDS = {
    WalkState.IN_PROGRESS: "走到哪一步就登记哪一步，可分几天登记。全部走完后，由您或知情人补全登记。",
    WalkState.SIGNED: "已签字，由您或知情人报送。报送以前，其他人看不到这次暗访。",
}


@require_safe
def walk(request, pk):
    walk = seen_walk(request, pk)
    rows = available(request.user, walk)
    is_open = "edit" in rows
    sheet = read_sheet(walk, request.user)
    if is_open:
        show_likely(sheet["problems"], request.user)
    context = sheet | {
        "stages": stage_track(walk, sheet["steps"]),
        "is_open": is_open,
        "draws_url": _draws_url(walk) if is_open else "",
        "add_url": _add_url(walk, sheet),
        "history": history(walk),
        "next_words": (NEXT_WORDS | (COVERT_WORDS if walk.is_hidden else {})).get(walk.state, ""),
        "unheld": unheld_words(walk),
        "missing": missing_components(walk) if is_open else [],
        "look_backs": [{"row": row, "steps": available_on(request.user, row)} for row in sheet["look_backs"]],
        "may_bind": takes_binding(walk) and ("edit" in rows or "begin" in rows),
        "waiting_form": WaitingForm(),
        "acts": buttons(rows),
        "begin": rows.get("begin"),
        "postpone": rows.get("postpone"),
        "may_name": may_name_readers(request.user, walk),
        "readers": readers_of(walk) if walk.is_hidden else [],
    }
    return render(request, "issues/walk/walk.html", context)


def _draws_url(walk) -> str:
    """Where the items of a 业务检查 are drawn, for a walk that needs one."""
    asked = component_of(walk, Component.BUSINESS_CHECK)
    return reverse("draws", args=[walk.campaign.code]) if asked else ""


def _add_url(walk, sheet: dict) -> str:
    """Where the next 环节 is noted: a stage of the service, else the first part that is not complete."""
    if sheet["with_steps"]:
        return reverse("walk_step_add", args=[walk.pk])
    urls = [component["add_url"] for component in sheet["components"] if not component["is_met"]]
    return next(iter(urls), sheet["components"][-1]["add_url"])


def missing_components(walk) -> list[dict]:
    """What still lacks before the walk can be recorded, each with the link to the place where it is filled in."""
    missing = missing_for_record(walk, **findings_of(walk))
    complete = reverse("walk_complete", args=[walk.pk])
    step = reverse("walk_step_add", args=[walk.pk])
    places = {"steps": step, "photos": step, "issues": f"{complete}#problems"}
    places["look_backs"] = f"{reverse('walk', args=[walk.pk])}#look-backs"
    return [
        {"name": name, "text": text, "url": places.get(name, f"{complete}#id_{name}")} for name, text in missing.items()
    ]
