"""Doing something to an issue: one page for every action, its form from ``ACTION_FORMS``, its rules from the domain."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.forms import is_repeat, refusals
from evidence.forms import submit_form
from issues.domain import lifecycle
from issues.domain.detail import read_detail
from issues.domain.transitions import TABLE
from issues.forms.actions import ACTION_FORMS
from issues.views.issue import badge_of_due, evidence_groups, latest, seen_issue, way_back

JUDGING = ("approve_closing", "return_closing", "look_back_pass", "look_back_fail")


@require_http_methods(["GET", "POST"])
def issue_act(request, number, action):
    found = seen_issue(request, number)
    if action not in ACTION_FORMS:
        raise Http404
    if is_repeat(request):
        return _done(request, found, "该操作已办理，没有重复提交。")
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ACTION_FORMS[action](*sent, request=request, issue=found)
    if sent and form.is_valid():
        with refusals(form):
            _submit(request, found, action, form)
            return _done(request, found, f"“{TABLE.by_action[action].label}”已办理。")
    act = lifecycle.ensure_open(issue=found, action=action, actor=request.user)
    form.ask_for_photos_again()
    return render(request, "issues/issue/act.html", _context(request, found, act, form), status=form.status)


def _submit(request, issue, action: str, form) -> None:
    def save(files):
        data = {**form.payload(), "files": files}
        return lifecycle.perform(
            issue=issue, action=action, actor=request.user, data=data, version=form.version_seen
        )  # fmt: skip

    submit_form(form, request.user, f"issue.{action}:{issue.pk}", save)


def _done(request, issue, message: str):
    messages.success(request, message)
    return redirect(way_back(request, issue)["issue_url"])


def _context(request, issue, act, form) -> dict:
    context = {"issue": issue, "act": act, "form": form, "due_look": badge_of_due(issue), **way_back(request, issue)}
    if act.action in JUDGING:
        context["judging"] = True
        detail = read_detail(issue, request.user)
        context["measures"] = latest(detail["measures"])
        context["evidence"] = evidence_groups(detail["evidence"])
    return context
