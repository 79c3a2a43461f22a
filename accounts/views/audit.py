"""The audit: for 审计员 alone."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.domain.queries import audit_matching, audit_rows
from accounts.forms.base import AuditFilterForm
from accounts.rules import may_read_audit
from accounts.tables import ACTIONS, OBJECTS, in_words
from core.audit import verify
from core.listing import Order, filter_notes, paginate
from core.models import AuditChain

# The mac stands for a row in addresses: its id and its place in the chain would reveal covert rows.
NEWEST_FIRST = Order("at", ("at", "chain", "seq"), descending=True, public="mac")


@require_safe
def audit(request):
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
    page = paginate(found, order=NEWEST_FIRST, params=request.GET, read=_rows)
    return render(
        request, "accounts/audit.html", {"form": form, "page": page, "notes": filter_notes(form) + page.notes}
    )


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


def _rows(entries) -> list[dict]:
    return [
        {
            **row,
            "seq_label": "暗访" if row["chain"] == AuditChain.COVERT else row["seq"],
            "action_label": ACTIONS.get(row["action"], row["action"]),
            "object_label": OBJECTS.get(row["object_type"], row["object_type"]),
            "detail_words": in_words(row["detail"]),
        }
        for row in audit_rows(entries)
    ]
