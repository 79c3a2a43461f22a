"""The audit: for 审计员 alone."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.domain.queries import audit_matching
from accounts.exports import audit_lines, audit_words, write_audit
from accounts.forms.base import AuditFilterForm
from accounts.rules import may_read_audit
from core.audit import verify
from core.listing import Order, filter_notes, link, paginate
from core.models import AuditChain
from core.xlsx import CONTENT_TYPE

# The mac stands for a row in addresses: its id and its place in the chain would reveal covert rows.
NEWEST_FIRST = Order("at", ("at", "chain", "seq"), descending=True, public="mac")


@require_safe
def audit(request):
    form, found = _asked(request)
    page = paginate(found, order=NEWEST_FIRST, params=request.GET, read=audit_lines)
    context = {"form": form, "page": page, "notes": filter_notes(form) + page.notes}
    context["export_url"] = reverse("audit_export") + link(request.GET)
    return render(request, "accounts/audit.html", context)


@require_safe
def audit_export(request):
    """What the conditions select, newest first, as a workbook, with ``format=csv`` as plain text."""
    form, found = _asked(request)
    as_text = request.GET.get("format") == "csv"
    asked = {"actor": request.user, "today": timezone.localdate(), "words": audit_words(form)}
    file, name = write_audit(found.order_by(*NEWEST_FIRST.by()), as_text=as_text, **asked)
    kind = "text/csv; charset=utf-8" if as_text else CONTENT_TYPE
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)


def _asked(request) -> tuple:
    """(form, the entries it asks for); 404 for everybody but 审计员."""
    if not may_read_audit(request.user):
        raise Http404
    form = AuditFilterForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    found = audit_matching(
        request.user,
        text=asked.get("q", ""),
        action=asked.get("action", ""),
        since=asked.get("since"),
        until=asked.get("until"),
    )
    return form, found


@require_POST
def audit_verify(request):
    """What the command ``verify_audit`` says, but for how many rows there are: it would tell of covert ones."""
    if not may_read_audit(request.user):
        raise Http404
    verdict = verify()
    if verdict.ok:
        messages.success(request, "审计记录完整，逐行核对相符。")
    else:
        place = f"第 {verdict.bad_seq} 行" if verdict.bad_seq else "不符："
        where = f"{place}{verdict.reason}" if verdict.chain == AuditChain.OPEN else "有一处不符"
        messages.error(request, f"审计记录{where}。没有改动任何记录，请立即报告，由系统管理员运行 verify_audit 查明。")
    return redirect("audit")
