"""A step that another person has taken already: who took it and when is said, and what was typed is not lost."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.domain.memberships import grant_membership
from campaigns.tests.setup_page import fields_of
from core.exceptions import OWN
from core.idempotency import new_key
from issues.domain.needs import lifecycle as need_lifecycle
from issues.tests.needing import needs_on
from plans.domain import lifecycle as plan_lifecycle
from plans.tests.planning import monthly_plan
from reports.tests.submitting import on, sent, step
from tests.cast import NOON, issue_in, reported_walk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def pack(cast):
    reported_walk(cast)
    [one] = sent(cast, now=on(8))
    grant_membership(user=cast.second_liaison, department=cast.lead_unit, role="lead")
    return reverse("submission_act", args=[one.public_id, "return"]), "lead", "second_liaison", "note"


def need(cast):
    [one] = needs_on(cast, "希望周六开窗")
    need_lifecycle.perform(need=one, action="reply", actor=cast.liaison, data={"reply": "研究中"}, now=NOON)
    return reverse("need_act", args=[one.public_id, "return_reply"]), "lead", "office", "note"


def plan(cast):
    one = monthly_plan(cast)
    plan_lifecycle.perform(plan=one, action="submit", actor=cast.liaison, now=NOON)
    return reverse("plan_act", args=[one.pk, "return"]), "lead", "office", "note"


def walk(cast):
    one, _ = reported_walk(cast)
    return reverse("walk_act", args=[one.pk, "send-back"]), "lead", "office", "reason"


def issue(cast):
    return reverse("issue_act", args=[issue_in(cast, "closing").number, "return_closing"]), "lead", "office", "note"


def test_the_day_typed_into_a_step_that_comes_too_late_is_not_lost(client, cast):
    [one] = needs_on(cast, "希望周六开窗")
    url = reverse("need_act", args=[one.public_id, "assign"])
    client.force_login(cast.office, backend="django.contrib.auth.backends.ModelBackend")
    typed = fields_of(client.get(url).context["form"]) | {"reply_by": "2022-07-15"}
    need_lifecycle.perform(need=one, action="reply", actor=cast.liaison, data={"reply": "研究中"}, now=NOON)
    late = client.post(url, typed)
    assert (late.status_code, "2022-07-15" in late.text) == (409, True)


@pytest.mark.parametrize("place", [pack, need, plan, walk, issue], ids=lambda place: place.__name__)
def test_who_comes_too_late_reads_who_was_first_and_keeps_the_words(cast, place):
    url, one, two, field = place(cast)
    first, second = Client(), Client()
    first.force_login(cast.people[one], backend="django.contrib.auth.backends.ModelBackend")
    second.force_login(cast.people[two], backend="django.contrib.auth.backends.ModelBackend")
    sent_first, sent_second = (fields_of(browser.get(url).context["form"]) for browser in (first, second))
    assert first.post(url, sent_first | {field: "缺签字页"}).status_code == 302
    late = second.post(url, sent_second | {field: "时间写得不清楚"})
    said = f"已由{cast.people[one]}于 2022-06-08 12:00 修改或办理"
    assert (late.status_code, said in late.text, "时间写得不清楚" in late.text) == (409, True, True)
    opened, own = second.get(url), first.get(url)
    assert (opened.status_code, said in opened.text) == (409, True)
    assert (own.status_code, f"已由{OWN}于 2022-06-08 12:00 修改或办理" in own.text) == (409, True)


def test_who_was_first_is_said_once(cast):
    [one] = needs_on(cast, "希望周六开窗")
    url = reverse("need_act", args=[one.public_id, "assign"])
    lead, office = Client(), Client()
    lead.force_login(cast.lead, backend="django.contrib.auth.backends.ModelBackend")
    office.force_login(cast.office, backend="django.contrib.auth.backends.ModelBackend")
    seen = fields_of(office.get(url).context["form"])
    window, other_window = (fields_of(lead.get(url).context["form"]) for _ in range(2))
    assert lead.post(url, window | {"reply_by": "2022-07-01"}).status_code == 302
    own = lead.post(url, other_window | {"reply_by": "2022-07-15"})
    assert (own.status_code, f"已由{OWN}于" in own.text) == (409, True)
    late = office.post(url, seen | {"reply_by": "2022-07-15"})
    assert (late.status_code, late.text.count(cast.lead.name), "最近保存" in late.text) == (409, 1, False)


def test_a_pack_locked_in_another_window_is_said_to_be_so(client, cast):
    reported_walk(cast)
    [one] = sent(cast, now=on(8))
    step(one, "lock", cast.lead, now=on(8, 11))
    client.force_login(cast.lead, backend="django.contrib.auth.backends.ModelBackend")
    boxes = {"action": "lock", "chosen": f"{one.public_id}:1", "idempotency_key": new_key()}
    said = client.post(reverse("submissions_bulk", args=["QH2022", "2022-06"]), boxes, follow=True).text
    assert f"没有办理：县民政局：本件已由{OWN}于 2022-06-08 11:00 修改或办理，现处于“已锁定”，不能锁定。" in said
