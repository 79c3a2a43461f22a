"""签字盖章件: where the notice demands the stamp (W23 六（三）), no walk is reported without a picture of the paper."""

import pytest

from core.exceptions import Refused
from evidence.models import StoredFile
from issues.domain import intake
from issues.models import Issue
from tests.access.world import photo
from tests.cast import NOON, open_walk
from walks.domain import lifecycle as walk_lifecycle
from walks.models import StampedPage, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]


def signed(cast, *, stamp: bool = True):
    """A signed walk under rules that demand the stamp, or not."""
    walk = open_walk(cast)
    data = walk.rules.data
    data["reporting"]["stamp"] = stamp
    version = cast.campaign.rule_versions.create(number=9, data=data, effective_on=walk.rules.effective_on)
    Walk.objects.filter(pk=walk.pk).update(rules=version)
    walk = Walk.objects.get(pk=walk.pk)
    walk_lifecycle.write_facts(walk=walk, actor=cast.liaison, facts={"zero_explained": "顺畅"})
    walk.refresh_from_db()
    return sign(cast, walk)


def sign(cast, walk):
    intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    intake.sign_walk(walk=walk, actor=cast.principal, now=NOON)
    return walk


def report(client, walk, key="r", **more):
    walk.refresh_from_db()
    return client.post(f"/walks/{walk.pk}/report/", {"idempotency_key": key, "version": walk.version, **more})


def test_without_the_paper_it_is_not_reported_and_the_field_says_so(client, cast):
    walk = signed(cast)
    client.force_login(cast.liaison)
    answer = report(client, walk)
    assert answer.status_code == 400
    assert "请附上签字盖章件的照片" in answer.text
    assert Walk.objects.get().state == "signed"


def test_with_the_paper_it_is_reported_once_and_the_receiving_side_opens_the_picture(client, cast):
    walk = signed(cast)
    client.force_login(cast.liaison)
    assert report(client, walk, photos=photo()).status_code == 302
    page = StampedPage.objects.get()
    assert page.digest == walk.signed_digest
    client.force_login(cast.lead)
    assert f"/files/{page.file_id}/" in client.get(f"/walks/{walk.pk}/").text
    assert client.get(f"/files/{page.file_id}/").status_code == 200
    client.force_login(cast.second_liaison)
    assert client.get(f"/files/{page.file_id}/").status_code == 404


def test_signed_anew_after_a_return_the_paper_is_handed_in_anew(client, cast):
    walk = signed(cast)
    client.force_login(cast.liaison)
    report(client, walk, photos=photo())
    walk.refresh_from_db()
    walk_lifecycle.perform(walk=walk, action="send_back", actor=cast.lead, data={"reason": "请补照片"}, now=NOON)
    sign(cast, walk)
    assert report(client, walk, key="again").status_code == 400
    assert report(client, walk, key="third", photos=photo()).status_code == 302
    assert StampedPage.objects.count() == 2


def test_what_is_no_picture_is_refused_and_nothing_is_kept(client, cast):
    walk = signed(cast)
    client.force_login(cast.liaison)
    fake = photo()
    fake.file.seek(0)
    fake.file.write(b"MZ not a picture")
    fake.file.seek(0)
    assert report(client, walk, photos=fake).status_code == 400
    assert Walk.objects.get().state == "signed"
    assert not StoredFile.objects.exists()


def test_where_no_stamp_is_demanded_no_picture_is_asked_for(client, cast):
    walk = signed(cast, stamp=False)
    client.force_login(cast.liaison)
    assert "签字盖章件" not in client.get(f"/walks/{walk.pk}/report/").text
    assert report(client, walk).status_code == 302
    assert not Issue.objects.exists()


def test_the_domain_refuses_it_too_whoever_asks(cast):
    walk = signed(cast)
    with pytest.raises(Refused, match="签字盖章件"):
        intake.report_walk(walk=walk, actor=cast.liaison, now=NOON)
    assert Walk.objects.get().state == "signed"
