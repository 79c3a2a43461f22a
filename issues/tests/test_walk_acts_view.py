"""Sign, report, accept, send back, take back, cancel: every verb by the right and by the wrong person."""

import pytest

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from core.idempotency import new_key
from issues.domain import intake
from issues.models import Issue
from tests.cast import NOON, PASSWORD, open_walk, reported_walk
from walks.domain import lifecycle as walk_lifecycle
from walks.domain import opening
from walks.models import Walk

pytestmark = pytest.mark.django_db
INSIDERS = ("principal", "deputy", "liaison")
OUTSIDERS = ("responsible", "second_liaison", "namesake", "office_other_county", "sysadmin", "auditor")


def walk_in(cast, state):
    if state == "reported":
        return reported_walk(cast)[0]
    walk = open_walk(cast)
    if state in ("recorded", "signed"):
        walk_lifecycle.write_facts(walk=walk, actor=walk.walker, facts={"zero_explained": "全程顺畅"})
        walk.refresh_from_db()
        intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    if state == "signed":
        intake.sign_walk(walk=walk, actor=cast.principal, now=NOON)
    return walk


def walk_events(state):
    """How many events a walk of ``walk_in`` has: started, recorded, signed, reported."""
    return ["in_progress", "recorded", "signed", "reported"].index(state) + 1


def url(walk, verb):
    return f"/walks/{walk.pk}/{verb}/"


def sent(walk, **changes):
    return {
        "version": walk.version,
        "reason": "见说明",
        "idempotency_key": new_key(),
        "password": PASSWORD,
        **changes,
    }


CASES = [
    ("sign", "recorded", "signed", {"principal"}),
    ("report", "signed", "reported", {"principal", "deputy", "liaison"}),
    ("accept", "reported", "accepted", {"lead", "office", "office_second"}),
    ("send-back", "reported", "returned", {"lead", "office", "office_second"}),
    ("reopen", "recorded", "in_progress", {"principal", "deputy", "liaison"}),
    ("reopen", "signed", "in_progress", {"principal", "deputy", "liaison"}),
    ("cancel", "in_progress", "cancelled", {"principal", "deputy", "liaison"}),
]
RIGHT = [(verb, before, after, who) for verb, before, after, allowed in CASES for who in sorted(allowed)]
READERS = {*INSIDERS, "lead", "office", "supervisor", "office_city"}
WRONG = [("sign", "recorded", who) for who in ("deputy", "liaison")]
WRONG += [
    (verb, "reported", who)
    for verb, before, _, allowed in CASES
    if before == "reported"
    for who in sorted(READERS - allowed)
]


@pytest.mark.parametrize(("verb", "before", "after", "persona"), RIGHT)
def test_the_right_hand_carries_it_out_once(client, cast, verb, before, after, persona):
    walk = walk_in(cast, before)
    client.force_login(cast.people[persona])
    assert client.get(url(walk, verb)).status_code == 200
    body = sent(walk)
    for _ in range(2):
        assert client.post(url(walk, verb), body).url == f"/walks/{walk.pk}/"
    assert Walk.objects.get().state == after
    assert walk.events.count() == walk_events(before) + 1


@pytest.mark.parametrize(("verb", "before", "persona"), WRONG)
def test_a_hand_that_may_see_it_but_not_do_it_is_refused(client, cast, verb, before, persona):
    walk = walk_in(cast, before)
    client.force_login(cast.people[persona])
    assert client.get(f"/walks/{walk.pk}/").status_code == 200
    assert client.get(url(walk, verb)).status_code == 403
    assert client.post(url(walk, verb), sent(walk)).status_code == 403
    assert Walk.objects.get().state == before


@pytest.mark.parametrize(("verb", "before", "after", "allowed"), CASES)
def test_to_those_outside_it_does_not_exist(client, cast, verb, before, after, allowed):
    walk = walk_in(cast, before)
    hidden = set(OUTSIDERS) | (set() if before == "reported" else {"lead", "office", "supervisor"})
    for persona in hidden:
        client.force_login(cast.people[persona])
        assert client.post(url(walk, verb), sent(walk)).status_code == 404, persona
    assert Walk.objects.get().state == before


@pytest.mark.parametrize("verb", ["sign", "report", "accept", "send-back", "reopen"])
def test_a_verb_from_the_wrong_state_names_the_state(client, cast, verb):
    walk = open_walk(cast)
    client.force_login(cast.principal)
    answer = client.post(url(walk, verb), sent(walk))
    assert answer.status_code == 409
    assert "体验中" in answer.text
    assert Walk.objects.get().state == "in_progress"


def test_an_unknown_verb_is_not_found(client, cast):
    client.force_login(cast.principal)
    assert client.get(url(open_walk(cast), "destroy")).status_code == 404


@pytest.mark.parametrize(
    ("verb", "before", "persona"),
    [("send-back", "reported", "lead"), ("reopen", "signed", "liaison"), ("cancel", "in_progress", "principal")],
)
def test_a_reason_is_asked_for_and_kept(client, cast, verb, before, persona):
    walk = walk_in(cast, before)
    client.force_login(cast.people[persona])
    answer = client.post(url(walk, verb), sent(walk, reason="  "))
    assert answer.status_code == 400
    assert answer.context["form"].errors["reason"]
    client.post(url(walk, verb), sent(walk, reason="窗口临时停办，改期再走"))
    assert walk.events.latest("id").note == "窗口临时停办，改期再走"


def test_the_page_before_signing_shows_everything_and_nothing_to_edit(client, cast):
    walk = open_walk(cast, problems=2)
    intake.add_need(walk=walk, actor=cast.principal, subject="firm", content="希望开通预约")
    for draft in walk.issues.all():
        intake.classify(
            issue=draft, actor=cast.liaison, description=draft.description, stage=draft.stage, category="执法",
            department=cast.second_unit,
        )  # fmt: skip
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    client.force_login(cast.principal)
    page = client.get(url(walk, "sign")).text
    for words in (
        "结婚登记",
        "电话咨询一次说清",
        "窗口未一次性告知1",
        "窗口未一次性告知2",
        "执法",
        "县公安局",
        "希望开通预约",
    ):
        assert words in page
    assert "steps/add" not in page
    assert "<textarea" not in page


def test_a_signature_given_on_an_older_version_is_refused(client, cast):
    walk = walk_in(cast, "recorded")
    client.force_login(cast.principal)
    shown = sent(walk)
    walk_lifecycle.perform(walk=walk, action="reopen", actor=cast.liaison, data={"reason": "补一句"}, now=NOON)
    walk_lifecycle.write_facts(walk=walk, actor=walk.walker, facts={"suggestion": "签字前改动"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    answer = client.post(url(walk, "sign"), shown)
    assert answer.status_code == 409
    assert "刷新" in answer.text
    assert Walk.objects.get().signed_at is None


def test_reopening_a_signed_walk_drops_the_signature_and_says_why(client, cast):
    walk = walk_in(cast, "signed")
    client.force_login(cast.liaison)
    client.post(url(walk, "reopen"), sent(walk, reason="材料数写错"))
    walk = Walk.objects.get()
    assert (walk.signed_by, walk.signed_at, walk.signed_digest) == (None, None, "")
    assert [event.kind for event in walk.events.all()] == ["started", "recorded", "signed", "reopened"]


def test_reporting_says_which_numbers_were_given(client, cast):
    walk = open_walk(cast, problems=2)
    for draft in walk.issues.all():
        intake.classify(
            issue=draft, actor=cast.liaison, description=draft.description, stage=draft.stage, category="执法",
            department=cast.unit,
        )  # fmt: skip
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    intake.sign_walk(walk=walk, actor=cast.principal, now=NOON)
    client.force_login(cast.liaison)
    body = sent(walk)
    page = client.post(url(walk, "report"), body, follow=True).text
    assert "QH2022-00001、QH2022-00002" in page
    client.post(url(walk, "report"), body)
    assert list(Issue.objects.values_list("number", flat=True).order_by("number")) == ["QH2022-00001", "QH2022-00002"]


def test_a_walk_reported_once_cannot_be_cancelled(client, cast):
    walk = walk_in(cast, "reported")
    walk_lifecycle.perform(walk=walk, action="send_back", actor=cast.lead, data={"reason": "补正"}, now=NOON)
    client.force_login(cast.liaison)
    assert client.post(url(walk, "cancel"), sent(walk)).status_code == 403
    assert Walk.objects.get().state == "returned"


def test_the_lead_unit_does_not_receive_its_own_walk_but_the_office_does(client, cast):
    leader = cast.second_liaison
    grant_membership(user=leader, department=cast.lead_unit, role=Role.PRINCIPAL)
    walk = opening.start(
        opening.WalkDraft(campaign=cast.campaign, department_id=cast.lead_unit.pk, item=cast.item, mode="online"),
        actor=leader,
        now=NOON,
    )
    walk_lifecycle.add_step(walk=walk, actor=leader, stage="guide", happened_at=NOON)
    walk_lifecycle.write_facts(walk=walk, actor=walk.walker, facts={"zero_explained": "顺畅"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=leader, now=NOON)
    intake.sign_walk(walk=walk, actor=leader, now=NOON)
    intake.report_walk(walk=walk, actor=leader, now=NOON)
    client.force_login(cast.lead)
    assert client.post(url(walk, "accept"), sent(walk)).status_code == 403
    client.force_login(cast.office)
    assert client.post(url(walk, "accept"), sent(walk)).status_code == 302
    assert Walk.objects.get().state == "accepted"
