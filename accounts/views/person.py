"""One account: 安全管理员 ends roles, 系统管理员 disables and enables it; always with a reason and the own password."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.domain.locks import locked_until
from accounts.domain.memberships import end_memberships, last_end, set_last_day, without_roles
from accounts.domain.people import disable_user, enable_user, switched_already
from accounts.domain.queries import memberships_of, people_visible_to
from accounts.domain.role_requests import to_come
from accounts.forms.people import AccountStateForm, EndRolesForm, days_of
from accounts.rules import may_decide_roles
from core.forms import is_repeat, refusals
from core.text import mask_phone


@require_http_methods(["GET", "POST"])
def person(request, pk):
    found = get_object_or_404(people_visible_to(request.user), pk=pk)
    if is_repeat(request):
        return redirect("person", pk)
    held, ends = list(memberships_of(found)), may_decide_roles(request.user)
    sent = request.POST if request.method == "POST" else None
    if ends and sent is not None and not held:
        raise without_roles(found)
    asked = {"held": held, "gone": last_end(found) if sent else ""}
    form = EndRolesForm(sent, request=request, **asked) if ends else AccountStateForm(sent, request=request)
    if sent is not None and form.is_valid():
        with refusals(form):
            act = _end_roles if ends else _switch
            _, _ = form.once(request.user, f"person:{pk}", lambda: act(request.user, found, held, form) or pk)
            messages.success(request, "已办理。")
            return redirect("person", pk)
    context = {"person": found, "held": held, "ends": ends, "form": form, **_facts(found, held)}
    return render(request, "accounts/person.html", context, status=form.status)


def _facts(found, held) -> dict:
    return {
        "phone": mask_phone(found.phone),
        "locked": locked_until(found),
        "days": {one.pk: days_of(one) for one in held},
        "coming": to_come(found),
    }


def _end_roles(actor, found, held, form: EndRolesForm) -> None:
    chosen = [one for one in held if str(one.pk) in form.cleaned_data["chosen"]]
    until, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
    if until:
        set_last_day(memberships=chosen, until=until, actor=actor, reason=reason)
    else:
        end_memberships(memberships=chosen, actor=actor, reason=reason)


def _switch(actor, found, held, form: AccountStateForm) -> None:
    wants_active = form.cleaned_data["wanted"] == "active"
    if found.is_active == wants_active:
        raise switched_already(found)
    switch = enable_user if wants_active else disable_user
    switch(user=found, actor=actor, reason=form.cleaned_data["reason"])
