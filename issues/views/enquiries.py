"""举一反三: the list of replies with its workbook, sending an enquiry from an issue, one enquiry, its end, chasing
units, what a unit is asked and answers."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.tabbed_list import TabbedList
from core.exceptions import Conflict
from core.forms import is_repeat, refusals
from core.guards import require_row
from core.listing import Order
from issues.domain.enquiries import chasing, queries
from issues.domain.enquiries import lifecycle as life
from issues.domain.enquiries.transitions import ENQUIRY
from issues.domain.queries import issues_visible_to
from issues.enums import EnquiryActor, EnquiryState
from issues.exports.lists import ENQUIRIES
from issues.forms.enquiries import TABS, EnquiryChaseForm, EnquiryEndForm, EnquiryForm, ReplyFilterForm, ReplyForm
from issues.models import Enquiry, EnquiryReply
from issues.rules import enquiry_actors_of
from issues.views.issue import seen_issue, way_back

LIST = TabbedList(
    form=ReplyFilterForm,
    visible=queries.replies_shown_to,
    views=queries.views_of,
    labels=TABS,
    first="all",
    order=Order("reply_by", ("reply_by", "id"), public="public_id"),
    book=ENQUIRIES,
    route="enquiries",
    template="issues/enquiries/list.html",
)
STEPS = {"send": "发起征询", "complete": "各单位均已答复", "end": "终止征询"}


@require_safe
def enquiries(request):
    return LIST.page(request, running=queries.running_enquiries(request.user))


@require_safe
def enquiries_export(request):
    return LIST.workbook(request)


@require_http_methods(["GET", "POST"])
def enquiry_send(request, number):
    found = seen_issue(request, number)
    if is_repeat(request):
        return redirect("issue", number)
    life.require_sendable(found, request.user)
    sent = request.POST if request.method == "POST" else None
    form = EnquiryForm(sent, user=request.user, issue=found)
    if sent is not None and form.is_valid():
        with refusals(form):
            made, _ = form.once(request.user, f"enquiry.send:{found.pk}", lambda: _send(request.user, found, form))
            messages.success(request, "征询已发起，已通知各单位联络员。")
            return redirect("enquiry", made)
    context = {"form": form, "issue": found, **way_back(request, found)}
    return render(request, "issues/enquiries/send.html", context, status=form.status)


@require_safe
def enquiry(request, pk):
    shown, today = _seen(request, pk), timezone.localdate()
    replies = queries.replies_shown_to(request.user).filter(enquiry=shown)
    rows = queries.reply_rows(queries.in_order_of_units(replies), today=today)
    sends = EnquiryActor.SENDER in enquiry_actors_of(request.user, shown)
    context = {
        "shown": shown,
        "rows": rows,
        "tallies": queries.tallies(rows),
        "acts": sends and shown.state == EnquiryState.OPEN,
        "events": [
            {"title": STEPS[one.kind], "actor": one.actor or "系统", "at": one.at, "note": one.note, "state": ""}
            for one in queries.events_of_enquiry(shown)
        ],
        "sees_issue": issues_visible_to(request.user).filter(pk=shown.issue_id).exists(),
    }
    return render(request, "issues/enquiries/enquiry.html", context)


@require_http_methods(["GET", "POST"])
def enquiry_end(request, pk):
    shown = _seen(request, pk)
    if is_repeat(request):
        return redirect("enquiry", pk)
    row = require_row(ENQUIRY, "end", enquiry_actors_of(request.user, shown), rule="enquiry.action")
    life.require_running(shown, row)
    form = EnquiryEndForm(request.POST if request.method == "POST" else None, enquiry=shown)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            data = form.cleaned_data
            form.once(
                request.user,
                f"enquiry.end:{shown.pk}",
                lambda: life.end(enquiry=shown, actor=request.user, data=data, version=data["version"]).version,
            )
            messages.success(request, "征询已终止。")
            return redirect("enquiry", pk)
    return render(request, "issues/enquiries/end.html", {"form": form, "shown": shown, "row": row}, status=form.status)


@require_http_methods(["GET", "POST"])
def enquiry_chase(request, pk):
    """Whom chasing would reach in each unit that has not answered; then those ticked."""
    shown = _seen(request, pk)
    chasing.require_sender(shown, request.user)
    if is_repeat(request):
        return redirect("enquiry", pk)
    lines = chasing.lines_of(shown, timezone.localdate())
    sent = request.POST if request.method == "POST" else None
    form = EnquiryChaseForm(sent, replies=[line.reply for line in lines])
    if sent is not None and not lines:
        raise Conflict("各单位均已答复，没有催办。", rule="enquiry.chase")
    if sent is not None and form.is_valid():
        with refusals(form):
            count, _ = form.once(request.user, f"enquiry.chase:{shown.pk}", lambda: _chase(request.user, shown, form))
            messages.success(request, f"已催办 {count} 个单位。")
            return redirect("enquiry", pk)
    asked = request.GET.get("unit", "")
    ticked = [str(line.reply.public_id) for line in lines if line.people and not line.earlier]
    context = {"form": form, "shown": shown, "lines": lines}
    context["ticked"] = sent.getlist("chosen") if sent else [one for one in ticked if asked in ("", one)]
    return render(request, "issues/enquiries/chase.html", context, status=form.status)


@require_safe
def enquiry_reply(request, pk):
    """What one unit is asked, and what it answered."""
    shown = _seen_reply(request, pk)
    context = _sheet(request, shown) | {"steps": life.available(request.user, shown)}
    return render(request, "issues/enquiries/reply.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def enquiry_answer(request, pk, action):
    shown = _seen_reply(request, pk)
    if action not in ReplyForm.labels:
        raise Http404
    if is_repeat(request):
        return redirect("enquiry_reply", pk)
    row = life.require_actor(shown, action, request.user)
    life.require_state(shown, row)
    form = ReplyForm(request.POST if request.method == "POST" else None, reply=shown, row=row)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _answer(request.user, shown, action, form)
            messages.success(request, "已答复。" if action == "none" else "已答复，问题已登记入账。")
            return redirect("enquiry_reply", pk)
    context = _sheet(request, shown) | {"row": row, "form": form}
    return render(request, "issues/enquiries/answer.html", context, status=form.status)


def _seen(request, pk) -> Enquiry:
    rows = queries.enquiries_visible_to(request.user).select_related(*life.OF_ENQUIRY)
    return get_object_or_404(rows, public_id=pk)


def _seen_reply(request, pk) -> EnquiryReply:
    rows = queries.replies_visible_to(request.user).select_related(*life.OF_REPLY)
    return get_object_or_404(rows, public_id=pk)


def _sheet(request, shown: EnquiryReply) -> dict:
    [row] = queries.reply_rows(queries.replies_shown_to(request.user).filter(pk=shown.pk), today=timezone.localdate())
    return {"reply": shown, "facts": row}


def _send(user, found, form: EnquiryForm) -> str:
    data = form.cleaned_data
    made = life.send(
        issue=found, units=list(data["units"]), question=data["question"], reply_by=data["reply_by"], actor=user
    )
    return str(made.public_id)


def _chase(user, shown: Enquiry, form: EnquiryChaseForm) -> int:
    data = form.cleaned_data
    chosen = [line.reply for line in chasing.lines_of(shown, timezone.localdate())]
    chosen = [reply for reply in chosen if str(reply.public_id) in data["chosen"]]
    return chasing.chase(enquiry=shown, replies=chosen, words=data["note"], again=data["again"], actor=user)


def _answer(user, shown: EnquiryReply, action: str, form: ReplyForm) -> None:
    data = form.cleaned_data
    form.once(
        user,
        f"enquiry.{action}:{shown.pk}",
        lambda: life.answer(reply=shown, action=action, actor=user, data=data, version=data["version"]).version,
    )
