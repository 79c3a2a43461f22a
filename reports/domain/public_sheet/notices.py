"""Who is told of a release that was asked for, and what became of it. In the transaction of the step; the key keeps
one."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from accounts.domain.memberships import people_with_role
from accounts.enums import Role
from accounts.models import User
from accounts.scope import rights_to_open
from core.text import quoted
from notifications.domain.notices import Draft, ensure
from reports.models import PublicSheet


def asked(*, sheet: PublicSheet, actor: User, now: datetime) -> int:
    """Tell those of the coordinating office who may release it; returns how many notices (条) are new."""
    office, first = sheet.publication.campaign.office_id, {actor.pk, sheet.publication.published_by_id}
    people = people_with_role(department_ids=[office], roles=[Role.OFFICE]).get(office, [])
    text = f"{actor}申请向社会公开{_what(sheet)}，请审核"
    return _tell(sheet, "asked", text, (pk for pk in people if pk not in first), now)


def decided(*, sheet: PublicSheet, actor: User, now: datetime) -> int:
    """Tell who asked, who released and who published; not the one who acted. Returns how many notices are new."""
    text = f"{_what(sheet)}：{sheet.get_state_display()}" + (f"。原因：{sheet.reason}" if sheet.reason else "")
    people = [sheet.asked_by_id, sheet.released_by_id, sheet.publication.published_by_id]
    return _tell(sheet, str(sheet.state), text, (pk for pk in people if pk not in (None, actor.pk)), now)


def _what(sheet: PublicSheet) -> str:
    publication = sheet.publication
    return f"{quoted(publication.campaign.name)}{publication.asked.label}成果（印发第 {publication.version} 版）"


def _tell(sheet: PublicSheet, what: str, text: str, people: Iterable[int | None], now: datetime) -> int:
    publication = sheet.publication
    region = publication.campaign.region_id
    told = rights_to_open((pk for pk in people if pk), lambda scope: region in scope.act_regions)
    link = reverse("public_sheets", args=[publication.campaign.code, publication.period])
    kind, key = f"public.{what}", f"public:{sheet.pk}:{what}"
    drafts = [Draft(pk, kind=kind, key=key, text=text, right=right, link=link) for pk, right in told.items()]
    return ensure(drafts, now=now)
