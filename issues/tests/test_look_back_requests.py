"""A unit is asked to look back: told and reminded, walked by its people, never by the closer, and not announced."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from core.exceptions import Conflict, NotAllowed, Refused
from core.idempotency import new_key
from issues.domain.lookback import asking, draws
from issues.domain.lookback.queries import issues_to_bind, request_rows
from issues.domain.lookback.reminders import make_look_back_reminders
from issues.models import Issue, LookBack, LookBackRequest
from issues.tests.test_look_backs import THEN, handed_in, judged, struck_off
from notifications.models import Notice
from tests.cast import TZ, covert_walk
from tests.database import without_triggers
from walks.domain import lifecycle as walk_lifecycle
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(THEN)]
BY = THEN.date() + timedelta(days=14)


def asked(cast, issue, unit=None, **data) -> LookBackRequest:
    given = {"due_on": BY, "note": "带上原来的材料", "actor": cast.office, "now": THEN} | data
    made = asking.ask(issue=issue, department=unit or cast.unit, **given)
    return LookBackRequest.objects.select_related(*asking.NAMED).get(pk=made.pk)


def elsewhere(cast) -> Issue:
    """An issue that 县民政局 neither found nor rectified."""
    [issue] = struck_off(cast, track="on_spot")
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(discovering_department=cast.lead_unit, reported_by=cast.lead)
    return issue


def told(user) -> list[str]:
    found = Notice.objects.filter(recipient=user, closed_at=None, kind__contains="look_back.")
    return list(found.order_by("id").values_list("kind", flat=True))


def state(request) -> str:
    [row] = request_rows(LookBackRequest.objects.filter(pk=request.pk), today=THEN.date())
    return row["state_label"]


def test_a_unit_is_told_walks_from_its_page_and_the_request_is_done(client, cast):
    issue = elsewhere(cast)
    request = asked(cast, issue)
    assert told(cast.liaison) == ["look_back.asked"]
    assert told(cast.second_liaison) == []
    page = reverse("look_back_request", args=[request.public_id])
    client.force_login(cast.liaison)
    assert client.get(reverse("issue", args=[issue.number])).status_code == 404
    assert page in client.get(reverse("home")).text
    assert "带上原来的材料" in client.get(page).text
    shown = client.get(page).context["start"]
    sent = {"item": cast.item.pk, "mode": "in_person", "idempotency_key": new_key()}
    sent |= {name: shown[name].value() or "" for name in ("place", "walker") if name in shown.fields}
    sent["walker"] = cast.principal.pk
    answer = client.post(page, sent)
    walk = Walk.objects.get(look_backs__issue=issue)
    assert answer["Location"] == reverse("walk", args=[walk.pk])
    assert "已安排" in client.get(page).text
    walk_lifecycle.add_step(walk=walk, actor=cast.principal, stage="consult", note="再问一次", happened_at=THEN)
    judged(LookBack.objects.select_related("issue", "walk").get(), cast.liaison)
    handed_in(cast, walk)
    assert (state(request), asking.open_requests().count()) == ("已回头看", 0)


def test_who_asks_whom_and_about_what(cast):
    issue = elsewhere(cast)
    for persona in ("lead", "liaison", "supervisor", "office_city"):
        with pytest.raises(NotAllowed):
            asked(cast, issue, actor=cast.people[persona])
    for data in ({"unit": cast.second_unit}, {"unit": cast.namesake_unit}, {"unit": cast.office_unit}):
        with pytest.raises(Refused, match="责任单位以外"):
            asked(cast, issue, **data)
    for day in (THEN.date() - timedelta(days=1), THEN.date() + timedelta(days=120)):
        with pytest.raises(Refused, match="之间的日期"):
            asked(cast, issue, due_on=day)
    asked(cast, issue)
    with pytest.raises(Conflict, match=f"由{cast.office}于"):
        asked(cast, issue, actor=cast.office_second)
    Issue.objects.filter(pk=issue.pk).update(state="verified")
    with pytest.raises(Conflict, match="不需要回头看"):
        asked(cast, issue)


def test_the_responsible_unit_reads_nothing_of_it(client, cast):
    issue = elsewhere(cast)
    request = asked(cast, issue)
    for user, seen in ((cast.office, True), (cast.second_liaison, False)):
        client.force_login(user)
        pages = [
            reverse("issue", args=[issue.number]),
            f"{reverse('look_backs')}?tab={'arranged' if seen else 'due'}",
            reverse("look_backs_export"),
        ]
        texts = [client.get(url).getvalue() if "export" in url else client.get(url).content for url in pages[:2]]
        assert [cast.unit.name.encode() + "回头看".encode() in texts[0], b"asked" in texts[0]] == [seen, seen]
        # Who asked finds it among what is arranged; for everybody else it stays due.
        assert issue.number.encode() in texts[1]
        assert (f"已安排{cast.unit.name}".encode() in texts[1]) == seen
        assert client.get(reverse("look_back_request", args=[request.public_id])).status_code == (200 if seen else 404)


def test_a_covert_walk_of_the_unit_may_be_bound_and_the_closer_may_not_walk(cast):
    issue = elsewhere(cast)
    walk = covert_walk(cast)
    assert not issues_to_bind(walk, cast.principal).exists()
    asked(cast, issue)
    assert list(issues_to_bind(walk, cast.principal)) == [issue]
    Issue.objects.filter(pk=issue.pk).update(closed_by=cast.principal)
    assert not issues_to_bind(walk, cast.principal).exists()


def test_taken_back_with_a_reason_once(client, cast):
    request = asked(cast, elsewhere(cast))
    url = reverse("look_back_request_withdraw", args=[request.public_id])
    client.force_login(cast.office_second)
    assert client.post(url, {"idempotency_key": new_key()}).status_code == 400
    client.post(url, {"reason": "改由抽查", "idempotency_key": new_key()})
    assert (state(request), told(cast.liaison)) == ("已撤回", ["look_back.asked", "look_back.withdrawn"])
    client.force_login(cast.office)
    again = client.post(url, {"reason": "改由抽查", "idempotency_key": new_key()})
    assert again.status_code == 409
    assert str(cast.office_second) in again.text
    request.refresh_from_db()
    assert asked(cast, request.issue).pk != request.pk


def test_reminded_before_its_day_and_once_it_has_passed(cast, clock):
    request = asked(cast, elsewhere(cast))

    def at(day: date) -> list[str]:
        clock.move_to(datetime(day.year, day.month, day.day, 12, tzinfo=TZ))
        make_look_back_reminders(datetime(day.year, day.month, day.day, 12, tzinfo=TZ))
        return [kind for kind in told(cast.liaison) if kind.startswith("reminder")]

    assert at(BY - timedelta(days=5)) == []
    assert at(BY) == ["reminder.look_back.eve"]
    assert at(BY + timedelta(days=3))[-1] == "reminder.look_back.late"
    assert "reminder.look_back.late" in told(cast.office)
    asking.withdraw(request=request, reason="不再需要", actor=cast.office)
    at(BY + timedelta(days=4))
    assert [kind for kind in told(cast.liaison) if kind.startswith("reminder")] == []


def test_the_office_is_reminded_of_what_is_due_until_somebody_is_asked_or_walks(cast):
    at_once, drawn = elsewhere(cast), struck_off(cast)[0]
    made = make_look_back_reminders(THEN)
    assert made["new"] == 2, "two people of the office"
    text = Notice.objects.filter(kind="reminder.look_back.due").first().text
    assert "2022-06-08 销号的问题中有 1 件该回头看" in text
    draws.draw(campaign=cast.campaign, actor=cast.office, now=THEN)
    assert make_look_back_reminders(THEN)["new"] == 0
    asked(cast, at_once)
    asked(cast, drawn, unit=cast.lead_unit)
    make_look_back_reminders(THEN)
    assert [kind for kind in told(cast.office) if kind == "reminder.look_back.due"] == []


def test_a_covert_walk_keeps_no_reminder_away(cast):
    issue = elsewhere(cast)
    asked(cast, issue)
    LookBack.objects.create(issue=issue, walk=covert_walk(cast), round=1, bound_by=cast.principal, bound_at=THEN)
    asking.withdraw(request=LookBackRequest.objects.select_related(*asking.NAMED).get(), reason="改", actor=cast.office)
    make_look_back_reminders(THEN)
    assert "reminder.look_back.due" in told(cast.office)


def test_the_list_takes_the_same_queries_for_three_rows_and_for_one(client, cast, django_assert_num_queries):
    issues = [elsewhere(cast) for _ in range(3)]
    asked(cast, issues[0])
    client.force_login(cast.office)
    client.get(reverse("look_back_requests"))
    for more in (issues[1:], ()):
        with django_assert_num_queries(11):
            assert client.get(reverse("look_back_requests")).status_code == 200
        for issue in more:
            asked(cast, issue)
    assert client.get(reverse("look_back_requests_export")).status_code == 200
