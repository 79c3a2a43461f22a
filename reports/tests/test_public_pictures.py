"""Photos of a public sheet: chosen one by one from what was published, copied when asked for, revoked with the page."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from core.exceptions import Refused
from core.idempotency import new_key
from core.models import AuditEntry
from evidence.domain.store import FileMissing, accept_photo, open_served
from issues.domain import intake
from issues.models import IssueEvidence
from reports.domain.compile import period_in
from reports.domain.public_sheet import pictures
from reports.domain.public_sheet.lifecycle import is_intact
from reports.domain.publishing import last_of
from reports.models import PublicPicture, PublicSheet
from reports.tests.public import PUBLISHED_AT, RELEASED_AT, asked, published, step, switch
from reports.tests.walk_world import full_walk, signed_covert_walk
from reports.tests.world import World
from tests.access.world import photo
from tests.cast import NOON, PASSWORD, Cast
from tests.database import without_triggers
from walks.models import StepPhoto

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("own_files"),
    pytest.mark.clock(RELEASED_AT + timedelta(hours=1)),
]


@pytest.fixture
def world(cast) -> World:
    """Published: an open walk with a photo on its way and one of a problem put right; a covert walk with a photo."""
    _, [issue, *_] = full_walk(cast)
    covert = signed_covert_walk(cast)
    intake.report_walk(walk=covert, actor=cast.principal, now=NOON)
    after = accept_photo(upload=photo(), actor=cast.liaison)
    with time_machine.travel(NOON, tick=False):
        IssueEvidence.objects.create(issue=issue, file=after, kind="after", added_by=cast.liaison)
    switch(cast)
    with patch("reports.domain.publishing.papers_of", lambda query, read: []):
        published(cast)
    return World(cast)


@pytest.fixture
def june(world) -> Cast:
    return world.cast


def offered(cast: Cast) -> list[pictures.Choice]:
    period = period_in(cast.campaign, "2022-06")
    return pictures.choices(cast.campaign, period, last_of(cast.campaign, period))


def all_of(cast: Cast) -> list:
    return [one.file.pk for one in offered(cast)]


def out(cast: Cast) -> PublicSheet:
    return step(asked(cast, photos=all_of(cast)), "release", cast.office_second)


def address(name: str, *rest) -> str:
    return reverse(name, args=["QH2022", "2022-06", *rest])


def test_photos_of_what_was_published_are_offered_and_none_of_a_covert_walk(june):
    item = f"{june.unit.name}“{june.item.name}”"
    assert StepPhoto.objects.filter(step__walk__is_covert=True).exists()
    assert [one.caption for one in offered(june)] == [f"{item}：整改后", f"{item}：受理"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_photos_cost_the_same_for_one_and_three(june, number, django_assert_num_queries):
    link = IssueEvidence.objects.get(kind="after")
    with time_machine.travel(NOON, tick=False):
        for _ in range(number - 1):
            more = accept_photo(upload=photo(), actor=june.liaison)
            IssueEvidence.objects.create(issue=link.issue, file=more, kind="after", added_by=june.liaison)
    period = period_in(june.campaign, "2022-06")
    last = last_of(june.campaign, period)
    with django_assert_num_queries(2):
        assert len(pictures.choices(june.campaign, period, last)) == number + 1


def test_what_was_withdrawn_or_added_after_the_day_of_judging_is_not_offered(june):
    with without_triggers("issues_issueevidence"), without_triggers("walks_stepphoto"):
        IssueEvidence.objects.update(added_at=PUBLISHED_AT + timedelta(days=1))
        StepPhoto.objects.update(withdrawn_at=NOON)
    assert offered(june) == []


def test_what_the_publication_does_not_count_is_not_offered(june):
    with without_triggers("reports_publication"):
        last = last_of(june.campaign, period_in(june.campaign, "2022-06"))
        last.rows = {"walks": {}, "issues": {}}
        last.save()
    assert offered(june) == []


@pytest.mark.both_databases
def test_copies_are_frozen_with_the_sheet_and_go_with_it(june):
    files = [one.file for one in offered(june)]
    sheet = asked(june, photos=[one.pk for one in files])
    told = reverse("public_picture", args=[sheet.public_id, 1])
    assert Client().get(told).status_code == 404
    sheet = step(sheet, "release", june.office_second)
    assert is_intact(sheet)
    for number, file in enumerate(files, 1):
        url = reverse("public_picture", args=[sheet.public_id, number])
        answer = Client().get(url)
        with open_served(file) as kept:
            assert (answer.status_code, answer.content) == (200, kept.read())
        assert answer["Content-Type"] == "image/jpeg"
        assert Client().get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
        page = bytes(sheet.page).decode()
        assert f'src="pictures/{number}.jpg"' in page
        assert sheet.content["pictures"][number - 1]["caption"] in page.replace("&quot;", '"')
    assert AuditEntry.objects.get(action="public.asked").detail["pictures"] == 2
    assert Client().get(reverse("public_picture", args=[sheet.public_id, 3])).status_code == 404
    step(sheet, "revoke", june.office, reason="有人脸")
    assert Client().get(told).status_code == 410


def test_a_sheet_without_photos_has_no_pictures(june):
    sheet = step(asked(june), "release", june.office_second)
    assert "<img" not in bytes(sheet.page).decode()
    assert is_intact(sheet)


def test_what_may_not_be_shown_is_refused_and_nothing_is_asked_for(june):
    covert = StepPhoto.objects.get(step__walk__is_covert=True).file_id
    for key in (covert, uuid4()):
        with pytest.raises(Refused, match="已经撤回或者不在本期"):
            asked(june, photos=[key])
    with patch.object(pictures, "AT_MOST", 1), pytest.raises(Refused, match="最多选 1 张"):
        asked(june, photos=all_of(june))
    with patch.object(pictures, "open_served", side_effect=FileMissing("")), pytest.raises(Refused, match="无法读取"):
        asked(june, photos=all_of(june))
    assert not PublicSheet.objects.exists()
    assert not PublicPicture.objects.exists()


def test_who_chooses_photos_says_that_each_was_looked_at(june, sign_in):
    office, url = sign_in("office"), address("public_ask")
    form = office.get(url).context["form"]
    sent = {"idempotency_key": new_key(), "version": form["version"].value(), "pictures": [str(all_of(june)[0])]}
    refused = office.post(url, sent)
    assert (refused.status_code, "选了照片的，请逐张核对后勾选" in refused.text) == (400, True)
    assert [chosen for _, found in refused.context["form"].tiles for _, chosen in found] == [True, False]
    assert office.post(url, sent | {"checked": "on", "pictures": ["x"]}).status_code == 400
    assert office.post(url, sent | {"checked": "on"}).status_code == 302
    sheet = PublicSheet.objects.get()
    second = sign_in("office_second")
    shown = address("public_shown", sheet.public_id, 1)
    assert shown in second.get(address("public_act", sheet.public_id, "release")).text
    assert second.get(shown).content == bytes(PublicPicture.objects.get().content)
    assert second.get(address("public_shown", sheet.public_id, 2)).status_code == 404
    for persona in ("lead", "supervisor", "liaison"):
        assert sign_in(persona).get(shown).status_code == 404
    sign_in("office_second").post(
        address("public_act", sheet.public_id, "release"),
        {"idempotency_key": new_key(), "version": sheet.version, "password": PASSWORD},
    )
    assert "附照片 1 张" in sign_in("lead").get(address("public_sheets")).text


@pytest.mark.both_databases
def test_a_picture_changed_past_the_product_is_refused_or_named(june):
    sheet = out(june)
    for sql in ("UPDATE reports_publicpicture SET content = ''", "DELETE FROM reports_publicpicture"):
        with pytest.raises(DatabaseError, match="what is public"), transaction.atomic():
            connection.cursor().execute(sql)
    with without_triggers("reports_publicpicture"):
        PublicPicture.objects.filter(number=2).update(number=7)
    assert not is_intact(PublicSheet.objects.get(pk=sheet.pk))
    with without_triggers("reports_publicpicture"):
        PublicPicture.objects.filter(number=7).update(number=2)
    assert is_intact(PublicSheet.objects.get(pk=sheet.pk))
    with without_triggers("reports_publicpicture"):
        PublicPicture.objects.filter(number=2).update(content=b"x")
    assert not is_intact(PublicSheet.objects.get(pk=sheet.pk))
