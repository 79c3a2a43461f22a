"""Which releases to the public wait for a person."""

from accounts.models import User
from accounts.scope import scope_of
from reports.domain.public_sheet.lifecycle import NAMED, available
from reports.domain.public_sheet.transitions import RELEASE
from reports.enums import PublicState
from reports.models import PublicSheet


def waiting_public(user: User) -> list[PublicSheet]:
    """What was asked for and this person may release, the oldest first; one query for an office, none for others."""
    regions = scope_of(user).act_regions
    if not regions:
        return []
    asked = PublicSheet.objects.filter(state=PublicState.ASKED, publication__campaign__region_id__in=regions)
    rows = asked.select_related(*NAMED).defer("page", "workbook", "content", "publication__rows").order_by("id")
    return [sheet for sheet in rows if any(row.action == RELEASE for row in available(user, sheet))]
