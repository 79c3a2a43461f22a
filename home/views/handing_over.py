"""离任交接: the page on which 安全管理员 presses, and the list of what went over, for the unit and the office."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.duties import hand_overs_visible_to
from accounts.domain.queries import people_visible_to
from accounts.enums import Role
from accounts.models import HandOver
from accounts.rules import may_decide_roles
from core.forms import is_repeat, refusals
from home.domain.handing_over import hand_over as carry_out
from home.domain.handing_over import held_by, moved_words
from home.forms import HandOverForm
from issues.domain.queries import issues_visible_to
from plans.domain.handing_over import rows_visible_to


@require_http_methods(["GET", "POST"])
def person_handover(request, pk):
    if not may_decide_roles(request.user):
        raise Http404
    found = get_object_or_404(people_visible_to(request.user), pk=pk)
    if is_repeat(request):
        return redirect("person", pk)
    form = HandOverForm(request.POST if request.method == "POST" else None, request=request, leaver=found)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            made: list[HandOver] = []
            _, _ = form.once(request.user, f"person.handover:{pk}", lambda: _press(request, form, made))
            messages.success(request, f"已交接：{moved_words(made[0])}。" if made else "已办理。")
            return redirect("person", pk)
    context = {"person": found, "form": form, "held": held_by(found)}
    return render(request, "home/person_handover.html", context, status=form.status)


def _press(request, form: HandOverForm, made: list[HandOver]) -> int:
    asked = {name: form.cleaned_data[name] for name in ("successor", "reason")}
    unit = form.cleaned_data["department"]
    made.append(carry_out(leaver=form.leaver, department_id=unit, actor=request.user, **asked))
    return form.leaver.pk


@require_safe
def hand_over(request, pk):
    made = get_object_or_404(hand_overs_visible_to(request.user), public_id=pk)
    issues = issues_visible_to(request.user).filter(number__in=made.moved.get("issues", ()))
    context = {
        "made": made,
        "roles": [Role(role).label for role in made.roles],
        "words": moved_words(made),
        "issues": issues.order_by("number"),
        "rows": rows_visible_to(request.user, made.moved.get("plan_rows", ())),
    }
    return render(request, "home/hand_over.html", context)
