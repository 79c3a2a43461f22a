"""Which public sheets a person sees inside the system, and what everybody reads of one without signing in."""

from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Receiver
from reports.enums import WAS_PUBLIC
from reports.models import Publication, PublicPicture, PublicPlace, PublicSheet

_FILES = ("sheet__content", "sheet__page", "sheet__workbook")


def public_sheets_visible_to(user: User) -> QuerySet[PublicSheet]:
    """Sheets the person may know of.

    - the office, of campaigns of its own level: all, also what is only asked for or was declined
    - offices above, supervisors, staff of units that receive reports of the campaign: what is public or was
    - everybody else: none; what is public is read at its address
    """
    scope = scope_of(user)
    led = Receiver.objects.filter(department_id__in=scope.leads).values("campaign_id")
    reads = Q(publication__campaign__region_id__in=scope.read_regions) | Q(publication__campaign_id__in=led)
    own = Q(publication__campaign__region_id__in=scope.act_regions)
    return PublicSheet.objects.filter(own | (reads & Q(state__in=WAS_PUBLIC)))


def places_of(sheets: list[PublicSheet]) -> dict[int, list[PublicPlace]]:
    """{sheet: where it was made known, by day, with who recorded it}; one query."""
    rows = PublicPlace.objects.filter(sheet__in=sheets).select_related("recorded_by", "struck_by")
    found: dict[int, list[PublicPlace]] = {sheet.pk: [] for sheet in sheets}
    for row in rows:
        found[row.sheet_id].append(row)
    return found


def places_of_publication(user: User, publication: Publication) -> QuerySet[PublicPlace]:
    """Where what that version says was made known, without what was struck out, each with its sheet; one query."""
    sheets = public_sheets_visible_to(user).filter(publication=publication)
    return PublicPlace.objects.filter(sheet__in=sheets, struck_at=None).select_related("sheet").defer(*_FILES)


def open_to_all(public_id: UUID, *fields: str) -> PublicSheet | None:
    """What is public or was at that address; None for what never was. One query, whoever asks; ``fields`` beside the
    state are read of it."""
    rows = PublicSheet.objects.filter(public_id=public_id, state__in=WAS_PUBLIC)
    return rows.only("state", "digest", "ended_at", *fields).first()


def picture_open_to_all(public_id: UUID, number: int) -> tuple[PublicSheet, PublicPicture] | None:
    """The picture of what is public or was, with its sheet; None for what never was. One query."""
    rows = PublicPicture.objects.filter(sheet__public_id=public_id, sheet__state__in=WAS_PUBLIC, number=number)
    fields = ("content", "sha256", "sheet__state", "sheet__ended_at")
    found = rows.select_related("sheet").only(*fields).first()
    return (found.sheet, found) if found else None
