"""意见建议: anybody signed in writes one about the product, 系统管理员 answers it once, the author is told.

What is written is read by 系统管理员, who sees no business: the form says so.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.domain.people import administrators
from accounts.enums import AccountKind
from accounts.models import User
from core import audit
from core.conflicts import taken_already
from core.exceptions import NotAllowed
from manual.domain.places import section_for
from manual.models import Suggestion
from notifications.domain.notices import Draft, ensure

ROW = ("public_id", "about", "text", "sent_at", "author__name", "answer", "answered_by__name", "answered_at")


def may_answer(user: User) -> bool:
    """系统管理员 alone: it is about the product, not about business."""
    return user.is_active and user.kind == AccountKind.SYSADMIN


def require_answerer(user: User) -> None:
    """Raise NotAllowed for who is not 系统管理员."""
    if not may_answer(user):
        raise NotAllowed("意见建议由系统管理员答复。", rule="suggestion.answer")


def suggestions_visible_to(user: User) -> QuerySet[Suggestion]:
    """All for 系统管理员, for anybody else the own ones."""
    return Suggestion.objects.all() if may_answer(user) else Suggestion.objects.filter(author=user)


def suggestion_views(user: User, today: date) -> dict[str, Q]:
    """{tab: which of them}."""
    return {"open": Q(answered_at=None), "answered": Q(answered_at__isnull=False), "all": Q()}


def suggestion_rows(rows: QuerySet[Suggestion]) -> list[dict[str, Any]]:
    """The rows of a page or a workbook; one query."""
    return [dict(row) for row in rows.values(*ROW)]


@transaction.atomic
def send(*, author: User, route: str, text: str, now: datetime) -> Suggestion:
    """Keep what was written on the page of that route. Side effect: notices to every 系统管理员, an audit entry."""
    section = section_for(route)
    made = Suggestion.objects.create(author=author, about=section.title if section else "", text=text, sent_at=now)
    _tell(administrators(AccountKind.SYSADMIN), made, "sent", f"{author.name}提出意见建议：{text}", now)
    audit.record(actor=author, action="suggestion.sent", object_type="suggestion", object_key=made.public_id)
    return made


@transaction.atomic
def answer(*, suggestion: Suggestion, actor: User, text: str, now: datetime) -> Suggestion:
    """Raises NotAllowed for who is not 系统管理员, IllegalTransition where it was answered already. Side effect: a
    notice to the author, an audit entry."""
    require_answerer(actor)
    held = Suggestion.objects.select_for_update(of=("self",)).select_related("answered_by").get(pk=suggestion.pk)
    if held.answered_at:
        raise taken_already("这条意见建议已经答复", held.answered_by, held.answered_at, rule="suggestion.answer")
    held.answer, held.answered_by, held.answered_at = text, actor, now
    held.save(update_fields=["answer", "answered_by", "answered_at"])
    _tell([held.author_id], held, "answered", f"您的意见建议已答复：{text}", now)
    audit.record(actor=actor, action="suggestion.answered", object_type="suggestion", object_key=held.public_id)
    return held


def _tell(people: list[int], suggestion: Suggestion, what: str, text: str, now: datetime) -> None:
    link, key = reverse("suggestion", args=[suggestion.public_id]), f"suggestion:{suggestion.pk}:{what}"
    kind = f"suggestion.{what}"
    ensure([Draft(recipient_id=pk, kind=kind, key=key, text=text, right="", link=link) for pk in people], now=now)
