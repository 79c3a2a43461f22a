"""The inbox."""

from datetime import timedelta

import pytest

from notifications.domain.notices import Draft, close, ensure, open_reminders
from notifications.models import Notice
from tests.cast import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
URL = "/notices/"
READ = "/notices/read/"


def tell(user, number, *, link="/issues/", superseded=False, duty=""):
    draft = Draft(
        recipient_id=user.pk,
        kind="test",
        key=f"k{number}",
        text=f"消息{number}",
        right="",
        link=link,
        superseded=superseded,
        duty=duty,
    )
    ensure([draft], now=NOON + timedelta(minutes=number))
    return Notice.objects.get(recipient=user, text=f"消息{number}")


def listed(answer):
    return [row["text"] for row in answer.context["page"].rows]


def test_a_person_sees_his_own_unread_notices_newest_first(client, cast):
    for number in (1, 2):
        tell(cast.liaison, number)
    tell(cast.principal, 3)
    client.force_login(cast.liaison)
    assert listed(client.get(URL)) == ["消息2", "消息1"]


def test_a_merged_notice_is_kept_under_all_and_does_not_count(client, cast):
    tell(cast.liaison, 1, superseded=True)
    client.force_login(cast.liaison)
    answer = client.get(URL)
    assert listed(answer) == []
    assert answer.context["chrome"]["unread"] == 0
    everything = client.get(URL, {"show": "all"})
    assert listed(everything) == ["消息1"]
    assert "已合并" in everything.text


def test_a_reminder_of_what_is_done_is_kept_under_all_and_asks_for_nothing(client, cast):
    for number, duty in ((1, "pack:1"), (2, "pack:2"), (3, "")):
        tell(cast.liaison, number, duty=duty)
    assert [one.duty for one in open_reminders("pack:")] == ["pack:1", "pack:2"]
    assert (close(["pack:1", "pack:9"]), close(["pack:1"]), close([""])) == (1, 0, 0)
    client.force_login(cast.liaison)
    answer = client.get(URL)
    assert (listed(answer), answer.context["chrome"]["unread"]) == (["消息3", "消息2"], 2)
    assert "已办结" in client.get(URL, {"show": "all"}).text


def test_opening_a_notice_marks_it_read_and_leads_to_what_it_speaks_of(client, cast):
    notice, other = tell(cast.liaison, 1, link="/walks/"), tell(cast.liaison, 2)
    client.force_login(cast.liaison)
    answer = client.post(READ, {"id": notice.public_id})
    assert (answer.status_code, answer.url) == (302, "/walks/")
    notice.refresh_from_db()
    other.refresh_from_db()
    assert notice.read_at is not None
    assert other.read_at is None


def test_all_are_marked_read_at_once_and_nobody_elses(client, cast):
    for number in (1, 2):
        tell(cast.liaison, number)
    foreign = tell(cast.principal, 3)
    client.force_login(cast.liaison)
    assert listed(client.post(READ, follow=True)) == []
    foreign.refresh_from_db()
    assert foreign.read_at is None


@pytest.mark.parametrize("wanted", ["foreign", "9" * 18, "9" * 32, "-1", "x", "²"])
def test_a_notice_of_somebody_else_or_of_nobody_stays_untouched(client, cast, wanted):
    foreign = tell(cast.principal, 1)
    client.force_login(cast.liaison)
    answer = client.post(READ, {"id": foreign.public_id if wanted == "foreign" else wanted})
    assert (answer.status_code, answer.url) == (302, URL)
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_a_link_to_another_site_is_not_followed(client, cast):
    notice = tell(cast.liaison, 1, link="//example.org/")
    client.force_login(cast.liaison)
    assert client.post(READ, {"id": notice.public_id}).url == URL


def test_reading_by_get_is_refused(client, cast):
    client.force_login(cast.liaison)
    assert client.get(READ).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_row_and_three(client, cast, rows, django_assert_num_queries):
    for number in range(rows):
        tell(cast.liaison, number)
    client.force_login(cast.liaison)
    client.get(URL)
    with django_assert_num_queries(6):
        assert len(listed(client.get(URL))) == rows
