"""A unit that helps: its own duty, its own progress, its own place in 等我办; it is chased too."""

import pytest
from django.urls import reverse

from accounts.models import Department
from core.exceptions import NotAllowed
from issues.domain import lifecycle
from issues.domain.chases.records import people_to_chase
from issues.models import Chase, Cooperation, Issue
from issues.tests.acting import send
from notifications.models import Notice
from tests.cast import NOON, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON, tick=True)]


@pytest.fixture
def helped(cast) -> Issue:
    """An issue of 县民政局, assigned to it, with 县公安局 to help."""
    issue = issue_in(cast, "registered")
    data = {"department": cast.unit, "cooperating": [cast.second_unit], "duty": "提供户籍数据接口"}
    return lifecycle.perform(issue=issue, action="assign", actor=cast.lead, data=data, now=NOON)


def note(issue, actor, words: str = "接口已开通", **data):
    data = {"note": words, **data}
    return lifecycle.perform(issue=issue, action="note_help", actor=actor, data=data, now=NOON)


def test_the_helping_unit_finds_its_duty_on_its_first_page_and_its_list(client, cast, helped):
    assert Notice.objects.filter(recipient=cast.second_liaison, text__contains="请本单位配合").count() == 1
    client.force_login(cast.second_liaison)
    home = client.get(reverse("home")).text
    assert "问题待配合" in home
    assert helped.number in home
    assert helped.number in client.get(reverse("issues") + "?tab=mine&help=mine").text
    page = client.get(reverse("issue", args=[helped.number])).text
    assert "任务：提供户籍数据接口" in page
    assert "填写配合进展" in page
    client.force_login(cast.liaison)
    assert "问题待配合" not in client.get(reverse("home")).text


def test_its_progress_stands_with_the_day_and_what_is_done_waits_no_more(client, cast, helped):
    version = helped.version
    assert send(client, cast.second_liaison, helped, "note_help", note="正在开发").status_code == 302
    [row] = Cooperation.objects.all()
    assert (row.progress, row.progress_on, row.done_on, row.noted_by) == (
        "正在开发", NOON.date(), None, cast.second_liaison,
    )  # fmt: skip
    helped.refresh_from_db()
    assert helped.version == version, "who writes on the issue meanwhile is not refused"
    assert send(client, cast.second_liaison, helped, "note_help", note="接口已开通", is_done="on").status_code == 302
    row.refresh_from_db()
    assert (row.progress, row.done_on) == ("接口已开通", NOON.date())
    client.force_login(cast.second_liaison)
    assert "问题待配合" not in client.get(reverse("home")).text
    assert [event.note for event in helped.events.filter(kind="note_help")] == ["正在开发", "接口已开通"]
    client.force_login(cast.lead)
    assert "接口已开通" in client.get(reverse("issue", args=[helped.number])).text


def test_only_a_unit_that_helps_notes_help(cast, helped):
    for user in (cast.liaison, cast.lead, cast.office):
        with pytest.raises(NotAllowed):
            note(helped, user)


def test_its_liaisons_are_chased_until_its_part_is_done(cast, helped):
    assert set(people_to_chase([helped], NOON.date())[helped.pk]) == {cast.liaison.pk, cast.second_liaison.pk}
    lifecycle.perform(issue=helped, action="chase", actor=cast.lead, data={}, now=NOON)
    [chase] = Chase.objects.filter(person=cast.second_liaison)
    assert chase.department == cast.second_unit
    note(helped, cast.second_liaison, is_done=True)
    assert set(people_to_chase([helped], NOON.date())[helped.pk]) == {cast.liaison.pk}


def test_another_assignment_keeps_the_progress_of_who_stays(cast, helped):
    note(helped, cast.second_liaison)
    lifecycle.perform(issue=helped, action="dispute", actor=cast.liaison, data={"note": "不属本单位"}, now=NOON)
    justice = Department.objects.get(region=cast.county, name="县司法局")
    data = {"department": cast.unit, "cooperating": [cast.second_unit, justice], "duty": ""}
    lifecycle.perform(issue=helped, action="assign", actor=cast.office, data=data, now=NOON)
    rows = {row.department: row.progress for row in Cooperation.objects.select_related("department")}
    assert rows == {cast.second_unit: "接口已开通", justice: ""}
