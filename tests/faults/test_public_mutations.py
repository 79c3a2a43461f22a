"""Mutation tests of what is released to the public: as ``test_guard_mutations``, with proofs of their own."""

from dataclasses import replace
from unittest.mock import patch

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.exceptions import NotAllowed, Refused
from core.idempotency import new_key
from core.transitions import Table
from evidence.models import StoredFile
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.public_sheet import pictures, places, transitions
from reports.domain.public_sheet.content import public_content
from reports.domain.public_sheet.lifecycle import NAMED, is_intact
from reports.domain.publishing import is_intact as is_whole
from reports.domain.queries import SYSTEM
from reports.forms.public_sheets import PublicAskForm
from reports.models import Publication, PublicSheet
from reports.tests.public import RELEASED_AT, asked, published, step, switch, third_person
from tests.cast import NOON, Cast, build_cast, reported_walk
from tests.database import without_triggers
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten, without
from tests.faults.proofs import browser
from tests.replay import replayed

pytestmark = pytest.mark.django_db
FACTS = {"medium": "website", "name": "县政府网站", "published_on": RELEASED_AT.date(), "link": ""}


def ready() -> Cast:
    """June with one open walk, published and asked for by the first person of the office; see ``replayed``. Papers are
    no part of these proofs, and take longer than all the rest."""
    return replayed("public mutations", _june)


def _june() -> Cast:
    cast = build_cast()
    reported_walk(cast, as_conforming=True)
    switch(cast)
    with patch("reports.domain.publishing.papers_of", lambda query, read: []):
        published(cast)
    asked(cast)
    return cast


def waiting() -> PublicSheet:
    return PublicSheet.objects.get()


def out(cast) -> PublicSheet:
    return step(waiting(), "release", cast.office_second)


def answered(sheet: PublicSheet, client=None):
    return (client or Client()).get(reverse("public_page", args=[sheet.public_id]))


def who_published_does_not_release(cast):
    with pytest.raises(NotAllowed):
        step(waiting(), "release", cast.office)


def who_asked_does_not_release(cast):
    step(waiting(), "decline", cast.office, reason="重新申请")
    third_person(cast)
    with pytest.raises(NotAllowed):
        step(asked(cast, actor=cast.office_second), "release", cast.office_second)


def nothing_is_asked_for_that_nobody_may_release(cast):
    step(waiting(), "decline", cast.office, reason="重新申请")
    with pytest.raises(Refused):
        asked(cast, actor=cast.office_second)


def nobody_beside_the_office_releases(cast):
    sheet = waiting()
    for persona in ("supervisor", "office_city", "lead"):
        with pytest.raises(NotAllowed):
            step(sheet, "release", cast.people[persona])


def releasing_asks_for_the_password(cast):
    sheet = waiting()
    address = reverse("public_act", args=["QH2022", "2022-06", sheet.public_id, "release"])
    client = browser(cast.office_second)
    answer = client.post(address, {"idempotency_key": new_key(), "version": sheet.version, "password": "不对"})
    assert answer.status_code == 400


def nothing_is_asked_for_while_it_is_off(cast):
    step(waiting(), "decline", cast.office, reason="重新申请")
    switch(cast, on=False)
    with pytest.raises(Refused):
        asked(cast)


def nothing_is_released_once_it_is_off(cast):
    sheet = waiting()
    switch(cast, on=False)
    with pytest.raises(Refused):
        step(sheet, "release", cast.office_second)


def what_a_correction_replaced_is_not_released(cast):
    sheet = waiting()
    reported_walk(cast, now=NOON)
    with patch("reports.domain.publishing.papers_of", lambda query, read: []):
        published(cast, reason="补录", now=RELEASED_AT)
    with pytest.raises(Refused):
        step(sheet, "release", cast.office_second)


def who_releases_waits_for_who_publishes(cast):
    sheet = PublicSheet.objects.select_related(*NAMED).get()
    with CaptureQueriesContext(connection) as captured:
        step(sheet, "release", cast.office_second)
    sql = [one["sql"] for one in captured]
    written = next(place for place, one in enumerate(sql) if one.startswith('UPDATE "reports_publicsheet"'))
    assert any('FROM "campaigns_campaign"' in one for one in sql[:written])


def who_asks_waits_for_who_publishes(cast):
    step(waiting(), "decline", cast.office, reason="重新申请")
    with CaptureQueriesContext(connection) as captured:
        asked(cast)
    sql = [one["sql"] for one in captured]
    read = next(place for place, one in enumerate(sql) if 'FROM "reports_publication"' in one)
    assert any(one.startswith("SELECT") and 'FROM "campaigns_campaign"' in one for one in sql[:read])


def revoking_says_why(cast):
    with pytest.raises(Refused):
        step(out(cast), "revoke", cast.office, reason="")


def what_is_only_asked_for_is_not_answered(cast):
    assert answered(waiting()).status_code == 404


def what_was_revoked_is_not_answered(cast):
    assert answered(step(out(cast), "revoke", cast.office, reason="数字有误")).status_code == 410


def the_public_page_reads_no_session(cast):
    assert answered(out(cast), browser(cast.liaison))["Cache-Control"] == "public, no-cache"


def what_is_public_cannot_be_changed(cast):
    out(cast)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_publicsheet SET digest = 'x'")


def what_is_public_cannot_be_deleted(cast):
    out(cast)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_publicsheet")


def a_changed_page_is_told(cast):
    sheet = out(cast)
    assert is_intact(sheet)
    with without_triggers("reports_publicsheet"):
        PublicSheet.objects.filter(pk=sheet.pk).update(page=b"x")
    assert not is_intact(PublicSheet.objects.get(pk=sheet.pk))


def who_chooses_photos_says_that_each_was_looked_at(cast):
    photo = pictures.Choice(StoredFile(), "县民政局", "县民政局“结婚登记”：受理")
    sent = {"version": 1, "pictures": [str(photo.file.pk)]}
    assert PublicAskForm(sent | {"checked": "on"}, offered=[photo]).is_valid()
    assert not PublicAskForm(sent, offered=[photo]).is_valid()


def a_picture_that_is_not_the_sheets_is_told(cast):
    sheet = out(cast)
    pictures.keep(sheet, [b"jpeg"])
    assert not is_intact(sheet)


def a_picture_cannot_be_changed(cast):
    pictures.keep(waiting(), [b"jpeg"])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_publicpicture SET number = 2")


def a_picture_of_what_is_only_asked_for_is_not_answered(cast):
    sheet = waiting()
    pictures.keep(sheet, [b"jpeg"])
    assert Client().get(reverse("public_picture", args=[sheet.public_id, 1])).status_code == 404


def numbers_of_people_are_masked(cast):
    cast.unit.name = "民政局13812345678"
    cast.unit.save()
    june = period_in(cast.campaign, "2022-06")
    assert "13812345678" not in str(public_content(ReportQuery(cast.campaign, june, RELEASED_AT.date(), SYSTEM)))


def only_office_and_lead_record_where_it_was_made_known(cast):
    with pytest.raises(NotAllowed):
        places.record(sheet=out(cast), actor=cast.supervisor, facts=FACTS, now=RELEASED_AT)


def a_place_cannot_be_changed(cast):
    places.record(sheet=out(cast), actor=cast.lead, facts=FACTS, now=RELEASED_AT)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_publicplace SET name = 'x'")


def changed_public_rows_of_a_publication_are_told(cast):
    assert is_whole(Publication.objects.get())
    with without_triggers("reports_publication"):
        Publication.objects.update(public={})
    assert not is_whole(Publication.objects.get())


def anybody_of_the_office() -> list:
    rows = [replace(row, actors=("office", "second")) for row in transitions.TABLE]
    return replaced("reports.domain.public_sheet.lifecycle.TABLE", Table(tuple(rows)))()


def let_by(name: str):
    return replaced(f"{SHEET}.guards.{name}", lambda ctx: None)


SHEET = "reports.domain.public_sheet"
FAULTS = (
    Fault(
        who_published_does_not_release,
        rewritten(f"{SHEET}.lifecycle.actors_of", "(sheet.publication.published_by_id, sheet.asked_by_id)", "()"),
    ),
    Fault(who_asked_does_not_release, anybody_of_the_office),
    Fault(
        nothing_is_asked_for_that_nobody_may_release,
        replaced(f"{SHEET}.lifecycle._require_second_person", lambda publication, asker: None),
    ),
    Fault(nobody_beside_the_office_releases, replaced(f"{SHEET}.lifecycle.may_compile", lambda user, campaign: True)),
    Fault(releasing_asks_for_the_password, replaced("accounts.domain.passwords.is_right", lambda request, given: True)),
    Fault(nothing_is_asked_for_while_it_is_off, replaced(f"{SHEET}.lifecycle.is_on", lambda campaign: True)),
    Fault(nothing_is_released_once_it_is_off, let_by("switched_on")),
    Fault(what_a_correction_replaced_is_not_released, let_by("last_version")),
    Fault(who_releases_waits_for_who_publishes, replaced(f"{SHEET}.lifecycle._take", lambda campaign_id: None)),
    Fault(
        who_asks_waits_for_who_publishes,
        rewritten(f"{SHEET}.lifecycle.ask", "    hold_writable(campaign.pk)\n"),
    ),
    Fault(revoking_says_why, let_by("reason")),
    Fault(what_is_only_asked_for_is_not_answered, replaced(f"{SHEET}.queries.WAS_PUBLIC", ("asked", "released"))),
    Fault(
        what_was_revoked_is_not_answered,
        rewritten("reports.views.public._answer", "sheet.state == PublicState.REVOKED", "False"),
    ),
    Fault(the_public_page_reads_no_session, without("core.middleware.WithoutSessionMiddleware")),
    Fault(what_is_public_cannot_be_changed, no_triggers("reports_publicsheet")),
    Fault(what_is_public_cannot_be_deleted, no_triggers("reports_publicsheet")),
    Fault(
        a_changed_page_is_told,
        rewritten(f"{SHEET}.lifecycle.digest_of", "hashlib.sha256(page).hexdigest()", '""'),
    ),
    Fault(
        who_chooses_photos_says_that_each_was_looked_at,
        replaced("reports.forms.public_sheets.PublicAskForm.clean", lambda self: self.cleaned_data),
    ),
    Fault(a_picture_that_is_not_the_sheets_is_told, replaced(f"{SHEET}.pictures.are_intact", lambda sheet: True)),
    Fault(a_picture_cannot_be_changed, no_triggers("reports_publicpicture")),
    Fault(
        a_picture_of_what_is_only_asked_for_is_not_answered,
        replaced(f"{SHEET}.queries.WAS_PUBLIC", ("asked", "released")),
    ),
    Fault(numbers_of_people_are_masked, replaced(f"{SHEET}.content.mask", str)),
    Fault(
        only_office_and_lead_record_where_it_was_made_known,
        replaced(f"{SHEET}.places.may_record", lambda user, sheet: True),
    ),
    Fault(a_place_cannot_be_changed, no_triggers("reports_publicplace")),
    Fault(
        changed_public_rows_of_a_publication_are_told,
        rewritten("reports.domain.publishing.digest_of", '"public": public, '),
    ),
)


@pytest.fixture(autouse=True)
def day_of_release():
    with time_machine.travel(RELEASED_AT, tick=False), patch("tests.faults.fault.build_cast", ready):
        yield


class TestFaults(FaultTests):
    pass
