"""Photos are served to whoever sees what they belong to."""

import io

import pytest
from PIL import Image

from evidence.domain.store import accept_photo
from evidence.tests.samples import photo, upload
from issues.domain import intake
from tests.cast import NOON, open_walk, reported_walk
from tests.database import without_triggers
from walks.domain import lifecycle as walk_lifecycle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
ROUTES = ("", "thumb/")


def kept(cast, name="大厅 窗口.HEIC"):
    return accept_photo(upload=upload(photo(), name), actor=cast.principal)


def on_step(cast, walk):
    file = kept(cast)
    walk_lifecycle.add_step(walk=walk, actor=cast.principal, stage="queue", happened_at=NOON, files=[file])
    walk.refresh_from_db()
    return file


@pytest.mark.parametrize("route", ROUTES)
def test_a_photo_is_a_plain_jpeg_that_runs_nothing_and_is_kept_by_no_cache(client, cast, route):
    file = on_step(cast, open_walk(cast))
    client.force_login(cast.liaison)
    answer = client.get(f"/files/{file.pk}/{route}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''%E5%A4%A7%E5%8E%85%20%E7%AA%97%E5%8F%A3.jpg"
    picture = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    assert picture.format == "JPEG"
    assert not picture.getexif()


SEEN_OPEN = {"principal", "deputy", "liaison"}
SEEN_REPORTED = SEEN_OPEN | {"lead", "office", "office_second", "office_city", "supervisor"}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("reported", [False, True])
def test_a_photo_of_a_step_is_seen_by_those_who_see_the_walk(client, cast, route, reported):
    walk = open_walk(cast)
    file = on_step(cast, walk)
    if reported:
        walk_lifecycle.write_facts(walk=walk, actor=walk.walker, facts={"zero_explained": "顺畅"})
        walk.refresh_from_db()
        intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
        intake.sign_walk(walk=walk, actor=cast.principal, now=NOON)
        intake.report_walk(walk=walk, actor=cast.liaison, now=NOON)
    seen = set()
    for persona, user in cast.people.items():
        client.force_login(user)
        answer = client.get(f"/files/{file.pk}/{route}")
        if persona == "disabled":
            assert answer.status_code == 302
        elif answer.status_code == 200:
            seen.add(persona)
        else:
            assert answer.status_code == 404
    assert seen == (SEEN_REPORTED if reported else SEEN_OPEN)


def test_a_photo_of_a_problem_is_seen_by_the_unit_it_concerns_once_assigned(client, cast):
    _, [issue] = reported_walk(cast, proposed=cast.second_unit)
    file = kept(cast)
    with without_triggers("issues_issueevidence"):
        issue.evidence.create(file=file, kind="found", added_by=cast.principal)
    client.force_login(cast.second_liaison)
    assert client.get(f"/files/{file.pk}/").status_code == 404
    issue.responsible_department = cast.second_unit
    issue.save(update_fields=["responsible_department"])
    assert client.get(f"/files/{file.pk}/").status_code == 200


def test_a_file_that_never_was_and_a_visitor(client, cast):
    absent = "/files/00000000-0000-4000-8000-000000000000/"
    client.force_login(cast.office)
    assert client.get(absent).status_code == 404
    client.logout()
    assert client.get(absent).url.startswith("/login/")


def test_a_photo_whose_bytes_are_gone_says_so(client, cast, settings):
    file = on_step(cast, open_walk(cast))
    (settings.MEDIA_ROOT / file.served_name).unlink()
    client.force_login(cast.principal)
    answer = client.get(f"/files/{file.pk}/")
    assert answer.status_code == 410
    assert "文件不存在或无法读取" in answer.text
