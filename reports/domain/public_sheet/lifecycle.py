"""The only writer of ``PublicSheet``: a published version is released to everybody by a second person, and revoked.

The content is frozen with its pictures when it is asked for, page and workbook on release. A later correction of the
period changes nothing of them; it is asked for anew.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.domain.memberships import people_with_role
from accounts.enums import Role
from accounts.models import Department, User
from campaigns.domain.states import hold_writable
from campaigns.models import Campaign
from core import audit
from core.conflicts import overtaken, wrong_state
from core.exceptions import OWN, DomainError, IllegalTransition, NotAllowed, Refused, StaleVersion
from core.guards import offered, require_guards
from core.periods import Period
from core.transitions import Transition
from reports.domain.public_sheet import files, guards, notices, pictures
from reports.domain.public_sheet.content import sheet_content
from reports.domain.public_sheet.guards import OFF, PublicContext, is_on
from reports.domain.public_sheet.transitions import RELEASE, TABLE
from reports.domain.publishing import last_of, said_of
from reports.enums import WAS_PUBLIC, PublicActor, PublicState
from reports.models import Publication, PublicSheet
from reports.rules import may_compile

OFFICE_ONLY = "向社会公开由本活动的统筹办办理。"
NAMED = ("publication__campaign__region", "publication__campaign__office", "asked_by", "released_by", "ended_by")


@transaction.atomic
def ask(
    *,
    campaign: Campaign,
    period: Period,
    actor: User,
    seen: int,
    photos: Sequence[UUID] = (),
    now: datetime | None = None,
) -> PublicSheet:
    """Ask for the release of the last published version of a period, which is ``seen``; its content is frozen here,
    with copies of ``photos`` (files of ``pictures.choices``).

    Side effects in order: the sheet; its pictures; an audit entry; notices to those who may release it. Raises
    NotAllowed (403) for anybody but the office of the campaign's own level; StaleVersion when another version was
    published since; Refused while the campaign has not switched it on, without a published version or anything to show,
    where nobody would be left to release it, where this version is public or asked for already, and for photos that may
    not be shown.
    """
    if not may_compile(actor, campaign):
        raise NotAllowed(OFFICE_ONLY, rule="public.office")
    if not is_on(campaign):
        raise Refused(OFF, rule="public.off")
    hold_writable(campaign.pk)
    last = last_of(campaign, period)
    if last is None:
        raise Refused("本期还没有印发，不能申请公开。", rule="public.unpublished")
    if last.version != seen:
        by, rest = last.published_by, "，没有申请。请核对这一版后再申请。"
        raise StaleVersion(
            said_of(last, by) + rest, rule="public.stale", by=by, own=said_of(last, OWN) + rest, named=True
        )
    content = sheet_content(last)
    if not content:
        raise Refused("本期没有可以公开的体验事项，没有申请。", rule="public.empty")
    _require_second_person(last, actor)
    copies: list[bytes] = []
    if photos:
        content["pictures"], copies = pictures.chosen(pictures.choices(campaign, period, last), photos)
    now = now or timezone.now()
    try:
        with transaction.atomic():
            sheet = PublicSheet.objects.create(publication=last, content=content, asked_by=actor, asked_at=now)
    except IntegrityError as error:
        raise Refused("这一版已经公开或正在申请公开，没有另行申请。", rule="public.twice") from error
    pictures.keep(sheet, copies)
    _record(sheet, actor, "asked")
    notices.asked(sheet=sheet, actor=actor, now=now)
    return sheet


@transaction.atomic
def perform(
    *, sheet: PublicSheet, action: str, actor: User, version: int, reason: str = "", now: datetime | None = None
) -> PublicSheet:
    """Take a step.

    Side effects in order: state, version and what the step adds by an UPDATE bound to the old ones (on release page,
    workbook and digest); an audit entry; notices. Raises NotAllowed (403), IllegalTransition and StaleVersion (409),
    Refused (400).
    """
    row = require_actor(sheet, action, actor)
    _take(sheet.publication.campaign_id)
    ctx = PublicContext(sheet, row, actor, reason.strip(), now or timezone.now())
    require_state(sheet, row)
    require_guards(guards, row, ctx)
    _write(ctx, version, _released(ctx) if action == RELEASE else _ended(ctx))
    _record(sheet, actor, str(sheet.state))
    notices.decided(sheet=sheet, actor=actor, now=ctx.now)
    return sheet


def available(user: User, sheet: PublicSheet) -> list[Transition]:
    """The steps this person could take now, in the table's order; buttons derive from this."""
    now, rows = timezone.now(), TABLE.open_to(actors_of(user, sheet), sheet.state)
    return offered(guards, rows, lambda row: PublicContext(sheet, row, user, "", now))


def actors_of(user: User, sheet: PublicSheet) -> frozenset[str]:
    """The actors of the table that the person is for this sheet. The second person neither published the period nor
    asked for the release."""
    if not may_compile(user, sheet.publication.campaign):
        return frozenset()
    first = user.pk in (sheet.publication.published_by_id, sheet.asked_by_id)
    return frozenset({PublicActor.OFFICE} if first else {PublicActor.OFFICE, PublicActor.SECOND})


def require_actor(sheet: PublicSheet, action: str, actor: User) -> Transition:
    """The row of an action when the person may ask for it; else NotAllowed (403)."""
    row = TABLE.by_action.get(action)
    if row is None:
        raise IllegalTransition(f"没有名为“{action}”的操作。", rule="public.action")
    actors = actors_of(actor, sheet)
    if not actors & set(row.actors):
        words = "公开须由统筹办另一人审核，本期的印发人和公开的申请人不能审核。" if actors else OFFICE_ONLY
        raise NotAllowed(words, rule="public.second_person" if actors else "public.office")
    return row


def _require_second_person(publication: Publication, asker: User) -> None:
    """What two people have in their hands already waits for a third: nothing is asked for that nobody may release."""
    campaign, publisher = publication.campaign, publication.published_by
    units = Department.objects.filter(region=campaign.region_id).values_list("pk", flat=True)
    office = {pk for people in people_with_role(department_ids=units, roles=[Role.OFFICE]).values() for pk in people}
    if office - {asker.pk, publication.published_by_id}:
        return
    other = publisher and publisher.pk in office - {asker.pk}
    way = f"请由{publisher}申请、您来审核。" if other else "请先为统筹办增加一人。"
    raise Refused(f"没有申请：除本期的印发人和您以外，统筹办没有人可以审核公开。{way}", rule="public.nobody")


def require_state(sheet: PublicSheet, row: Transition) -> None:
    """Raise IllegalTransition when the sheet is in a state from which the row does not lead."""
    if sheet.state not in row.sources:
        raise _wrong_state(sheet, row)


def is_intact(sheet: PublicSheet) -> bool:
    """Whether content, page, workbook and pictures of a released sheet still are what its digest was made of."""
    made_of = digest_of(sheet.content, bytes(sheet.page), bytes(sheet.workbook))
    return pictures.are_intact(sheet) and made_of == sheet.digest


def changed_public_sheets() -> list[PublicSheet]:
    """What was released and no longer is what its digest says, whoever asks."""
    return [sheet for sheet in PublicSheet.objects.filter(state__in=WAS_PUBLIC) if not is_intact(sheet)]


def digest_of(content: dict, page: bytes, workbook: bytes) -> str:
    """SHA-256 over the canonical JSON of the content and the digests of both files."""
    parts = {"page": hashlib.sha256(page).hexdigest(), "workbook": hashlib.sha256(workbook).hexdigest()}
    return audit.digest({"content": content} | parts)


def _take(campaign_id: int) -> None:
    """Wait for whoever publishes a period of the campaign, to the end of the transaction: a version corrected between
    the check and the write would go out all the same."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)


def _released(ctx: PublicContext) -> dict:
    content, day = ctx.sheet.content, timezone.localtime(ctx.now).date()
    page, workbook = files.page_of(content, day), files.workbook_of(content, day)
    return {
        "page": page,
        "workbook": workbook,
        "workbook_name": files.workbook_name(content, day),
        "digest": digest_of(content, page, workbook),
        "released_by": ctx.actor,
        "released_at": ctx.now,
    }


def _ended(ctx: PublicContext) -> dict:
    return {"reason": ctx.reason, "ended_by": ctx.actor, "ended_at": ctx.now}


def _write(ctx: PublicContext, version: int, facts: dict) -> None:
    sheet = ctx.sheet
    won = PublicSheet.objects.filter(pk=sheet.pk, state__in=ctx.row.sources, version=version).update(
        state=ctx.row.target_from(sheet.state), version=F("version") + 1, **facts
    )
    if not won:
        raise _lost(ctx)
    sheet.refresh_from_db()


def _lost(ctx: PublicContext) -> DomainError:
    current = PublicSheet.objects.select_related("ended_by", "released_by", "asked_by").get(pk=ctx.sheet.pk)
    if current.state not in ctx.row.sources:
        return _wrong_state(current, ctx.row)
    return overtaken("本次公开", *_last(current), rule="public.version")


def _wrong_state(sheet: PublicSheet, row: Transition) -> IllegalTransition:
    who, at = _last(sheet)
    return wrong_state("本次公开", sheet.get_state_display(), row, rule="public.state", who=who, at=at)


def _last(sheet: PublicSheet) -> tuple[User, datetime]:
    """Who took the last step and when."""
    who = sheet.ended_by or sheet.released_by or sheet.asked_by
    return who, sheet.ended_at or sheet.released_at or sheet.asked_at


def _record(sheet: PublicSheet, actor: User, what: str) -> None:
    publication = sheet.publication
    detail = {"period": publication.period, "version": publication.version, "sheet": str(sheet.public_id)}
    shown = sheet.content.get("pictures", [])
    detail |= {"pictures": len(shown)} if shown else {}
    detail |= {"digest": sheet.digest} if sheet.state == PublicState.RELEASED else {}
    detail |= {"reason": sheet.reason} if sheet.reason else {}
    code = publication.campaign.code
    audit.record(actor=actor, action=f"public.{what}", object_type="campaign", object_key=code, detail=detail)
