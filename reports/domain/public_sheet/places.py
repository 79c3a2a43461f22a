"""Where a public sheet was made known: recorded by the office or by a unit that receives reports of the campaign."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import audit
from core.conflicts import taken_already
from core.exceptions import NotAllowed, Refused
from reports.domain.queries import report_scopes
from reports.enums import WAS_PUBLIC
from reports.models import PublicPlace, PublicSheet
from reports.rules import may_compile


def may_record(user: User, sheet: PublicSheet) -> bool:
    """The office of the campaign's own level, and the staff of the units that receive its reports."""
    campaign = sheet.publication.campaign
    if may_compile(user, campaign):
        return True
    return any(one.kind == "lead" for one in report_scopes(user, [campaign])[campaign.pk])


@transaction.atomic
def record(*, sheet: PublicSheet, actor: User, facts: dict, now: datetime | None = None) -> PublicPlace:
    """Note where and when it was made known (``facts``: medium, name, published_on, link). Side effects: the row; an
    audit entry. Raises NotAllowed (403); Refused for what never was public, for a day before the release or to come."""
    _require(actor, sheet)
    now = now or timezone.now()
    if sheet.state not in WAS_PUBLIC or sheet.released_at is None:
        raise Refused("还没有公开，不能登记刊发情况。", rule="public.place")
    first, today = timezone.localtime(sheet.released_at).date(), timezone.localtime(now).date()
    if not first <= facts["published_on"] <= today:
        words = f"应在公开日期（{first.isoformat()}）和今天（{today.isoformat()}）之间。"
        raise Refused(words, rule="public.place_day", fields={"published_on": words})
    place = PublicPlace.objects.create(sheet=sheet, recorded_by=actor, recorded_at=now, **facts)
    _record(place, actor, "public.place_recorded", {"name": place.name})
    return place


@transaction.atomic
def strike(*, place: PublicPlace, actor: User, reason: str, now: datetime | None = None) -> PublicPlace:
    """Strike out a wrong row; it stays with its reason. Side effects: the row; an audit entry. Raises NotAllowed (403);
    Refused without a reason; IllegalTransition (409), naming who and when, when it was struck out already."""
    _require(actor, place.sheet)
    if not reason.strip():
        raise Refused("请填写原因。", rule="public.reason", fields={"reason": "请填写原因。"})
    facts = {"struck_reason": reason.strip(), "struck_by": actor, "struck_at": now or timezone.now()}
    won = PublicPlace.objects.filter(pk=place.pk, struck_at=None).update(**facts)
    place.refresh_from_db()
    if not won:
        require_in_force(place)
    _record(place, actor, "public.place_struck", {"name": place.name, "reason": place.struck_reason})
    return place


def require_in_force(place: PublicPlace) -> None:
    """Raise IllegalTransition, saying by whom and when, for a row that was struck out."""
    if place.struck_at is not None:
        raise taken_already("这一条已经划去", place.struck_by, place.struck_at, rule="public.struck")


def _require(actor: User, sheet: PublicSheet) -> None:
    if not may_record(actor, sheet):
        raise NotAllowed("刊发情况由统筹办和牵头单位登记。", rule="public.place_office")


def _record(place: PublicPlace, actor: User, action: str, detail: dict) -> None:
    publication = place.sheet.publication
    code, detail = publication.campaign.code, {"period": publication.period} | detail
    audit.record(actor=actor, action=action, object_type="campaign", object_key=code, detail=detail)
