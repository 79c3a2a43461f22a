"""What a walk found: problems and needs noted on the spot, and the liaison's completion."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.scope import departments_visible_to
from campaigns.domain.rulebook.rulebook import Rulebook
from core.content_token import content_token
from core.forms import OnceForm, is_repeat, refusals, stored_values
from core.text import read_uuid
from evidence.forms import is_valid_keeping, submit_form
from issues.domain import intake
from issues.domain.queries import drafts_of, found_links
from issues.enums import IssueState
from issues.forms.intake import ClassForm, FactsForm, NeedForm, ProblemEditForm, ProblemForm
from issues.models import Issue, IssueEvidence
from issues.views.walk import missing_components
from issues.views.walk_sheet import photo_tiles, promised, seen_walk, show_likely
from walks.domain import components
from walks.domain.queries import steps_of
from walks.domain.stored import require_not_withdrawn
from walks.domain.transitions import TABLE
from walks.forms.walks import WithdrawForm
from walks.models import Walk
from walks.views.steps import REPEATED, open_walk, sent, withdrawal_form


@require_http_methods(["GET", "POST"])
def walk_problem_add(request, pk):
    walk = open_walk(request, pk)
    step = step_named(walk, request.GET.get("step", ""))
    at = step or steps_of(walk).filter(component="").last()
    form = ProblemForm(*sent(request), walk=walk, step=step, initial={"stage": at.stage if at else None})
    if request.method == "POST" and is_valid_keeping(form, request.user):
        with refusals(form):
            save = partial(_capture, request.user, walk, step, form)
            _submit(request, form, f"problem.add:{pk}", "问题已登记。", save)
            return redirect(_back(request, walk))
    return render(request, "issues/walk/problem.html", {"walk": walk, "form": form, "step": step}, status=form.status)


@require_http_methods(["GET", "POST"])
def walk_problem(request, pk, issue_id):
    walk = open_walk(request, pk)
    if "withdraw" in request.POST:
        return _withdraw(request, walk, issue_id)
    problem = own_draft(walk, issue_id)
    form = problem_form(request.user, walk, problem, *sent(request))
    if request.method == "POST" and is_valid_keeping(form, request.user):
        with refusals(form):
            save = partial(_classify, request.user, problem, form)
            _submit(request, form, f"problem.edit:{issue_id}", "修改已保存。", save)
            return redirect(_back(request, walk))
    links = found_links([problem.pk]).get(problem.pk, [])
    photos = photo_tiles(link.file for link in links if link.withdrawn_at is None)
    context = {"walk": walk, "form": form, "problem": problem, "photos": photos}
    context["withdrawal"] = withdrawal_form(links, intake.stored_problem(problem))
    return render(request, "issues/walk/problem.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def walk_need_add(request, pk):
    walk = open_walk(request, pk)
    form = NeedForm(*sent(request))
    if request.method == "POST" and is_valid_keeping(form, request.user):
        with refusals(form):
            save = partial(_need, request.user, walk, form)
            _submit(request, form, f"need.add:{pk}", "需求已登记。", save)
            return redirect("walk", pk)
    return render(request, "issues/walk/need.html", {"walk": walk, "form": form}, status=form.status)


@require_http_methods(["GET", "POST"])
def walk_complete(request, pk):
    if is_repeat(request) and seen_walk(request, pk).state not in TABLE.sources_of("edit"):
        return redirect("walk", pk)
    walk = open_walk(request, pk)
    form, rows = _completion_forms(request, walk)
    if request.method == "POST" and all([form.is_valid(), *(row["form"].is_valid() for row in rows if "form" in row)]):
        with refusals(form):
            _save_completion(request, walk, form, rows)
            if "finish" not in request.POST:
                messages.success(request, "已保存。")
                return redirect("walk_complete", pk)
            # What was typed is saved by now: the key of this page is used up, whatever recording says.
            form.show_version(content_token(intake.stored_completion(walk)))
            form.is_saved = True
            intake.record_walk(walk=walk, actor=request.user)
            messages.success(request, "登记完成，等主要负责同志核对签字。")
            return redirect("walk", pk)
    context = {"walk": walk, "form": form, "rows": rows, "missing": missing_components(walk)}
    context |= {"promised": promised(walk), "short": components.shortfall_of(walk, steps_of(walk))}
    return render(request, "issues/walk/complete.html", context, status=_status(form, rows))


def _submit(request, form: OnceForm, scope: str, done: str, save) -> None:
    _, is_new = submit_form(form, request.user, scope, save)
    messages.success(request, done if is_new else REPEATED)


def _back(request, walk: Walk) -> str:
    """To the page from which the problem was opened: the walk, or the liaison's completion."""
    return reverse("walk_complete" if request.GET.get("from") == "complete" else "walk", args=[walk.pk])


# --- one problem ----------------------------------------------------------------------------


def step_named(walk: Walk, raw: str):
    """The step from which 发现问题 was pressed; none when the address names no step of this walk."""
    return steps_of(walk).filter(public_id=read_uuid(raw)).first()


def _capture(user, walk: Walk, step, form: ProblemForm, files) -> int:
    facts = {name: form.cleaned_data[name] for name in ("description", "stage")}
    return intake.capture(walk=walk, actor=user, step=step, files=files, **facts).pk


def own_draft(walk: Walk, issue_id: UUID) -> Issue:
    """The draft; 409 in words when it was taken back, 404 when the walk never had it."""
    require_not_withdrawn(walk=walk, subject=issue_id, what="这个问题")
    problem = get_object_or_404(drafts_of(walk).select_related("step"), public_id=issue_id, state=IssueState.DRAFT)
    problem.walk = walk
    return problem


def problem_form(user, walk: Walk, problem: Issue, *data) -> ProblemEditForm:
    """The form over everything of one problem, bound to ``data`` (of ``sent``)."""
    units, rules = _units_of(user, walk), Rulebook.from_data(walk.rules.data)
    stored = intake.stored_problem(problem)
    return ProblemEditForm(
        *data, walk=walk, step=problem.step, categories=rules.rectification.categories, departments=units,
        initial=stored, token=content_token(stored),
    )  # fmt: skip


def _classify(user, problem: Issue, form: ProblemEditForm, files) -> int:
    facts = {name: form.cleaned_data[name] for name in ("description", "stage", "category", "department")}
    return intake.edit_problem(issue=problem, actor=user, seen=form.seen_token, files=files, **facts).pk


def _need(user, walk: Walk, form: NeedForm, files) -> int:
    facts = {name: form.cleaned_data[name] for name in ("subject", "content")}
    return intake.add_need(walk=walk, actor=user, **facts).pk


def _withdraw(request, walk: Walk, issue_id: UUID):
    """撤回 the problem or one of its photos; a page that lacks the reason is shown again with what was chosen."""
    if is_repeat(request):
        return redirect(_back(request, walk))
    problem = own_draft(walk, issue_id)
    stored = intake.stored_problem(problem)
    form = withdrawal_form(found_links([problem.pk]).get(problem.pk, []), stored, request.POST)
    if form.is_valid():
        with refusals(form):
            form.once(request.user, f"problem.withdraw:{issue_id}", partial(take_back, problem, request.user, form))
            messages.success(request, "已撤回。原内容和撤回原因保留在本次体验中。")
            return redirect(_back(request, walk))
    shown = stored_values(problem_form(request.user, walk, problem))
    context = {"walk": walk, "shown": shown, "withdrawal": form}
    return render(request, "issues/walk/withdraw.html", context, status=form.status)


def take_back(problem: Issue, actor, form: WithdrawForm) -> UUID:
    """The problem, or the one of its photos that was chosen."""
    reason = form.cleaned_data["reason"]
    if isinstance(form.photo, IssueEvidence):
        form.photo.issue = problem
        intake.withdraw_photo(photo=form.photo, actor=actor, reason=reason)
    else:
        intake.withdraw(issue=problem, actor=actor, reason=reason, seen=form.seen_token)
    return problem.public_id


# --- the liaison's part ---------------------------------------------------------------------


def _units_of(user, walk: Walk) -> dict:
    """The units of the campaign's region a problem may concern, by id, in roster order; one query."""
    units = departments_visible_to(user).filter(region_id=walk.campaign.region_id, is_active=True)
    return {unit.pk: unit for unit in units.order_by("order", "id")}


def _completion_forms(request, walk: Walk) -> tuple[FactsForm, list[dict]]:
    """The facts form, and a row for each problem: a small form for drafts, words for those already on the ledger."""
    data = request.POST if request.method == "POST" else None
    problems = list(drafts_of(walk))
    units, rules = _units_of(request.user, walk), Rulebook.from_data(walk.rules.data)
    rows = []
    for problem in problems:
        problem.walk = walk
        row = {"problem": problem}
        if problem.state == IssueState.DRAFT:
            row["form"] = ClassForm(
                data,
                prefix=f"p-{problem.public_id}",
                categories=rules.rectification.categories,
                departments=units,
                initial=intake.stored_problem(problem),
            )
        rows.append(row)
    show_likely(rows, request.user)
    token = content_token(intake.stored_completion(walk))
    form = FactsForm(data, walk=walk, rules=rules, has_problems=bool(problems), token=token)
    form.class_forms = [row["form"] for row in rows if "form" in row]
    return form, rows


def _save_completion(request, walk: Walk, form: FactsForm, rows: list[dict]) -> None:
    forms = [(row["problem"], row["form"].cleaned_data) for row in rows if "form" in row]
    chosen = {problem.pk: [data["category"], data["department"].pk] for problem, data in forms}
    classes = [(problem, data["category"], data["department"]) for problem, data in forms]
    form.once(
        request.user,
        f"walk.complete:{walk.pk}",
        lambda: (
            intake.complete(walk=walk, actor=request.user, seen=form.seen_token, facts=form.facts(), classes=classes)
            or ""
        ),
        content={"facts": form.content(), "classes": chosen},
    )
    walk.refresh_from_db()


def _status(form: FactsForm, rows: list[dict]) -> int:
    return 400 if form.is_bound and any(row["form"].errors for row in rows if "form" in row) else form.status
