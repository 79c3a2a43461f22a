"""Access to what is released to the public: the office's pages inside, and the two addresses everybody reads."""

import uuid

from campaigns.models import Campaign
from reports.domain.public_sheet import files
from reports.domain.public_sheet.content import sheet_content
from reports.domain.public_sheet.lifecycle import digest_of
from reports.models import Publication, PublicPicture, PublicPlace, PublicSheet, Summary
from tests.access.policy import ABOVE, PERSONAS, THERE_READERS, Access, Row, give, only
from tests.cast import NOON

PERIOD, ASKED = "2022-06", "2022-07"
DESK = Access(give(200, *ABOVE), give(200, *THERE_READERS))
OFFICES = (("office",), ("office_other_county",))
RECORDERS = (("office", "lead"), ("office_other_county",))
OFFICE = {"get": only(DESK, 200, *OFFICES), "post": only(DESK, 400, *OFFICES)}
RECORD = {"get": only(DESK, 200, *RECORDERS), "post": only(DESK, 400, *RECORDERS)}
# Whoever asks, signed in or not.
TO_ALL = Access(give(200, *PERSONAS), give(200, *PERSONAS), visitor=None)
GONE = Access(give(410, *PERSONAS), give(410, *PERSONAS), visitor=None)
NOT_OUT = Access(visitor=404)

ROWS: dict[str, Row] = {
    "public_sheets": Row("report", get=DESK),
    "public_export": Row("report", get=DESK),
    "public_ask": Row("report", **OFFICE),
    # What is only asked for is known to the office of its own level.
    "public_act:release": Row(
        "public_asked",
        extra={"action": "release"},
        get=Access(give(200, "office"), give(200, "office_other_county")),
        post=Access(give(400, "office"), give(400, "office_other_county")),
    ),
    "public_act:revoke": Row("public_sheet", extra={"action": "revoke"}, **OFFICE),
    "public_place": Row("public_sheet", **RECORD),
    "public_strike": Row("public_placed", **RECORD),
    "public_page": Row("public_address", get=TO_ALL),
    "public_page:revoked": Row("revoked_address", get=GONE),
    "public_page:asked": Row("asked_address", get=NOT_OUT),
    # A picture before its sheet is public is known to the office of its own level.
    "public_shown": Row(
        "public_asked", extra={"number": 1}, get=Access(give(200, "office"), give(200, "office_other_county"))
    ),
    "public_picture": Row("public_address", extra={"number": 1}, get=TO_ALL),
    "public_picture:revoked": Row("revoked_address", extra={"number": 1}, get=GONE),
    "public_picture:asked": Row("asked_address", extra={"number": 1}, get=NOT_OUT),
    "public_file": Row("public_address", get=TO_ALL),
    "public_file:revoked": Row("revoked_address", get=GONE),
    "public_file:asked": Row("asked_address", get=NOT_OUT),
}
NOBODY = {"pk": uuid.UUID(int=7)}
NOWHERE = {"code": "NICHTS", "period": PERIOD} | NOBODY
ABSENT: dict[str, dict] = {
    "public_asked": NOWHERE,
    "public_sheet": NOWHERE,
    "public_placed": NOWHERE | {"place": 9_999_999},
    "public_address": NOBODY,
    "revoked_address": NOBODY,
    "asked_address": NOBODY,
}


def objects(cast) -> dict[str, dict]:
    """June is public, was public before, and July is asked for, by somebody who may not release it."""
    june = Publication.objects.get(campaign=cast.campaign, period=PERIOD)
    revoked = _sheet(june, cast, state="revoked", reason="数字有误", ended_by=cast.office, ended_at=NOON)
    sheet = _sheet(june, cast, state="released")
    asked = _sheet(_july(cast.campaign, june, cast.principal), cast, state="asked")
    facts = {"medium": "newspaper", "name": "青禾日报", "published_on": NOON.date()}
    place = PublicPlace.objects.create(sheet=sheet, recorded_by=cast.office, recorded_at=NOON, **facts)
    here, there = {"code": cast.campaign.code, "period": PERIOD}, {"code": cast.campaign.code, "period": ASKED}
    return {
        "public_asked": there | {"pk": asked.public_id},
        "public_sheet": here | {"pk": sheet.public_id},
        "public_placed": here | {"pk": sheet.public_id, "place": place.pk},
        "public_address": {"pk": sheet.public_id},
        "revoked_address": {"pk": revoked.public_id},
        "asked_address": {"pk": asked.public_id},
    }


def _sheet(publication: Publication, cast, **facts) -> PublicSheet:
    content = sheet_content(publication)
    if facts["state"] != "asked":
        page, workbook = files.page_of(content, NOON.date()), files.workbook_of(content, NOON.date())
        facts |= {"page": page, "workbook": workbook, "workbook_name": "公开.xlsx", "released_at": NOON}
        facts |= {"digest": digest_of(content, page, workbook), "released_by": cast.office}
    sheet = PublicSheet.objects.create(
        publication=publication, content=content, asked_by=cast.principal, asked_at=NOON, **facts
    )
    PublicPicture.objects.create(sheet=sheet, number=1, content=b"jpeg", sha256="0" * 64)
    return sheet


def _july(campaign: Campaign, june: Publication, publisher) -> Publication:
    """Another period with what June says, published by somebody else than the office's person of the cast."""
    summary = Summary.objects.get(pk=june.summary_id)
    summary.pk, summary.period = None, ASKED
    summary.save()
    made = Publication.objects.get(pk=june.pk)
    made.pk, made.period, made.summary, made.published_by = None, ASKED, summary, publisher
    made.save()
    return made
