"""Doing something to an issue: one page for every action, its form from ``ACTION_FORMS``, its rules from the domain."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.content_token import UNSEEN
from core.exceptions import Conflict, Refused
from core.forms import is_repeat, refusals
from evidence.forms import is_valid_keeping, submit_form
from issues.domain import lifecycle
from issues.domain.detail import latest, read_detail
from issues.domain.queries import issues_visible_to
from issues.forms.actions import ACTION_FORMS
from issues.tables import list_query, next_on_list
from issues.views.issue import badge_of_due, evidence_groups, seen_issue, way_back
from issues.views.said import SAID

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
    if sent and is_valid_keeping(form, request.user):
        with refusals(form):
            _submit(request, found, action, form)
            return _done(request, found, said_after(found, action))
    act = _open_act(request, found, action, form)
    return render(request, "issues/issue/act.html", _context(request, found, act, form), status=form.status)


def _open_act(request, found, action: str, form):
    """The row of the action while it is open; after a conflict the answer names who acted first."""
    try:
        return lifecycle.ensure_open(issue=found, action=action, actor=request.user)
    except Conflict as error:
        raise form.conflict or error from error


def _submit(request, issue, action: str, form) -> None:
    version = form.version_seen
    if version is None:
        raise Refused(UNSEEN, rule="seen")

    def save(files):
        data = {**form.payload(), "files": files}
        return lifecycle.perform(
            issue=issue, action=action, actor=request.user, data=data, version=version
        )  # fmt: skip

    submit_form(form, request.user, f"issue.{action}:{issue.pk}", save)


def said_after(issue, action: str) -> str:
    """What the page says once an action was carried out."""
    if action == "assign":
        return f"已交办{issue.responsible_department}。"
    return SAID[action]


def _done(request, issue, message: str):
    messages.success(request, message)
    back = way_back(request, issue)
    following = request.POST.get("then_next", "")[:40]
    if following and issues_visible_to(request.user).filter(number=following).exists():
        return redirect(reverse("issue", args=[following]) + back["list_suffix"])
    return redirect(back["issue_url"])


def _context(request, issue, act, form) -> dict:
    context = {"issue": issue, "act": act, "form": form, "due_look": badge_of_due(issue), **way_back(request, issue)}
    if query := list_query(request.GET.get("list", "")):
        context["list_query"] = query
        # After a refusal the issue may have left the list: the row that followed stays as it was sent.
        following = next_on_list(request.user, query, issue.number, timezone.localdate())
        context["following"] = following or request.POST.get("then_next", "")[:40]
    if act.action in JUDGING:
        context["judging"] = True
        detail = read_detail(issue, request.user)
        context["measures"] = latest(detail["measures"])
        context["evidence"] = evidence_groups(detail["evidence"])
    return context
