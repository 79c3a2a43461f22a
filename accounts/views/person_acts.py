"""What is done to one account beside switching it and ending roles: its name, phone and posts, a one-time password
(系统管理员), a role without a request, the lock taken away (安全管理员). Always with a reason and the own password."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.domain.locks import unlock
from accounts.domain.passwords import reset_to_one_time, token_of_password
from accounts.domain.person_edit import edit_person, token_of_person
from accounts.domain.queries import memberships_of, people_visible_to
from accounts.domain.role_requests import grant, token_of_roles
from accounts.forms.people import EditPersonForm, GrantForm, ReasonForm, SeenReasonForm
from accounts.rules import may_decide_roles, may_keep_people
from accounts.views.one_time import SHOWN, show
from core.forms import is_repeat, refusals
from core.text import mask_phone


@require_http_methods(["GET", "POST"])
def person_password(request, pk):
    found = _person(request, pk, may_keep_people)
    if is_repeat(request):
        messages.warning(request, SHOWN)
        return redirect("person", pk)
    sent = request.POST if request.method == "POST" else None
    form = SeenReasonForm(sent, request=request, token=token_of_password(found))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            made: list[str] = []
            _, _ = form.once(request.user, f"person.password:{pk}", lambda: _reset(request, found, form, made))
            return show(request, found, made[0], back="person", pk=pk) if made else redirect("person", pk)
    return render(request, "accounts/person_password.html", {"person": found, "form": form}, status=form.status)


def _reset(request, person, form: SeenReasonForm, made: list[str]) -> int:
    asked = {"reason": form.cleaned_data["reason"], "seen": form.seen_token}
    made.append(reset_to_one_time(user=person, actor=request.user, **asked))
    return person.pk


@require_http_methods(["GET", "POST"])
def person_unlock(request, pk):
    found = _person(request, pk, may_decide_roles)
    if is_repeat(request):
        return redirect("person", pk)
    form = ReasonForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            asked = {"user": found, "actor": request.user, "reason": form.cleaned_data["reason"]}
            _, _ = form.once(request.user, f"person.unlock:{pk}", lambda: unlock(**asked) or pk)
            messages.success(request, "已解除锁定。")
            return redirect("person", pk)
    return render(request, "accounts/person_unlock.html", {"person": found, "form": form}, status=form.status)


@require_http_methods(["GET", "POST"])
def person_grant(request, pk):
    found = _person(request, pk, may_decide_roles)
    if is_repeat(request):
        return redirect("person", pk)
    sent = request.POST if request.method == "POST" else None
    form = GrantForm(sent, request=request, token=token_of_roles(found))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            asked = {name: form.cleaned_data[name] for name in ("department", "role", "title", "reason")}
            asked |= {"user": found, "actor": request.user, "term": form.term, "seen": form.seen_token}
            _, _ = form.once(request.user, f"person.grant:{pk}", lambda: grant(**asked) or pk)
            messages.success(request, "已授予。")
            return redirect("person", pk)
    return render(request, "accounts/person_grant.html", {"person": found, "form": form}, status=form.status)


@require_http_methods(["GET", "POST"])
def person_edit(request, pk):
    found = _person(request, pk, may_keep_people)
    if is_repeat(request):
        return redirect("person", pk)
    sent, held = request.POST if request.method == "POST" else None, list(memberships_of(found))
    form = EditPersonForm(sent, request=request, person=found, held=held, token=token_of_person(found))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            asked = {name: form.cleaned_data[name] for name in ("name", "phone", "reason")}
            asked |= {"user": found, "titles": form.titles, "actor": request.user, "seen": form.seen_token}
            _, _ = form.once(request.user, f"person.edit:{pk}", lambda: edit_person(**asked).pk)
            messages.success(request, "已保存。")
            return redirect("person", pk)
    context = {"person": found, "form": form, "phone": mask_phone(found.phone)}
    return render(request, "accounts/person_edit.html", context, status=form.status)


def _person(request, pk, may):
    if not may(request.user):
        raise Http404
    return get_object_or_404(people_visible_to(request.user), pk=pk)
