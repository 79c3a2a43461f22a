"""角色授予: what 系统管理员 asked for, decided by 安全管理员 one by one or all at once, always with a reason."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.role_requests import (
    decide,
    decided_already,
    last_decision,
    newest_waiting,
    request_rows,
    requests_visible_to,
    waiting_up_to,
)
from accounts.enums import Decision
from accounts.exports import ROLES
from accounts.forms.people import DecideForm
from accounts.rules import may_decide_roles
from core.forms import LARGEST_ID, is_repeat, refusals
from core.list_book import as_file, write_book
from core.listing import Order, link, paginate
from core.templatetags.ui import moment

IN_ORDER = Order("request", ("id",))
TABS = {decision.value: decision.label for decision in Decision}


@require_http_methods(["GET", "POST"])
def roles(request):
    if not may_decide_roles(request.user):
        raise Http404
    if is_repeat(request):
        return redirect("roles")
    tab = _tab(request)
    seen = requests_visible_to(request.user).filter(decision=tab)
    page = paginate(seen, order=IN_ORDER, params=request.GET, read=request_rows)
    may_choose = [row["id"] for row in page.rows] if tab != Decision.GRANTED else []
    if not may_choose and (sent := _sent(request)):
        raise decided_already(sent)
    asked = {"ids": may_choose, "tab": tab, "gone": _gone(request)}
    form = DecideForm(request.POST if request.method == "POST" else None, request=request, **asked)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            messages.success(request, _decided(request.user, form))
            return redirect(f"{reverse('roles')}?tab={tab}")
    context = {"page": page, "form": form, "tab": tab, "tabs": _tabs(request, tab), "decides": bool(may_choose)}
    context["every_label"] = f"全部待决定的角色，共 {page.total} 项（含其他页）"
    context["chosen"] = request.POST.getlist("chosen")
    context["newest"] = newest_waiting(request.user) if tab == Decision.WAITING else 0
    return render(request, "accounts/roles.html", context, status=form.status)


@require_safe
def roles_export(request):
    if not may_decide_roles(request.user):
        raise Http404
    tab = _tab(request)
    found = requests_visible_to(request.user).filter(decision=tab).order_by(*IN_ORDER.by())
    return as_file(write_book(ROLES, found, actor=request.user, today=timezone.localdate(), place="", what=TABS[tab]))


def _tab(request) -> str:
    return request.GET["tab"] if request.GET.get("tab") in TABS else Decision.WAITING.value


def _decided(user, form: DecideForm) -> str:
    """Carry out what the form says; the sentence that tells it."""
    asked = form.cleaned_data
    waiting = waiting_up_to(user, asked.get("upto") or 0) if asked["every"] else asked["chosen"]
    count, _ = form.once(
        user, "roles.decide",
        lambda: decide(ids=waiting, decision=asked["decision"], reason=asked["reason"], actor=user, term=form.term),
    )  # fmt: skip
    return f"{'已授予' if asked['decision'] == Decision.GRANTED else '已不予授予'} {count} 项角色。"


def _sent(request) -> list[int]:
    return [int(pk) for pk in request.POST.getlist("chosen") if pk.isdecimal() and int(pk) <= LARGEST_ID]


def _gone(request) -> str:
    """Who decided the roles sent that were decided before, in words with a comma before them; "" where none was."""
    who, at = last_decision(_sent(request))
    return f"，最近一次由{who or '系统'}于 {moment(at)} 办理" if at else ""


def _tabs(request, tab: str) -> list[dict]:
    return [{"label": label, "url": link(request.GET, tab=name), "active": name == tab} for name, label in TABS.items()]
