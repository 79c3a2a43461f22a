"""Who may know of a covert walk: named by the walker, never out of the unit that is visited, and taken back again."""

import pytest
from django.urls import reverse

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from campaigns.models import Receiver
from catalogue.models import ServiceItem
from core.exceptions import Refused
from core.idempotency import new_key
from core.models import AuditEntry
from issues.domain import intake
from notifications.models import Notice
from tests.cast import NOON
from walks.domain import covert_planning, lifecycle, opening
from walks.domain.covert import readers_of
from walks.domain.queries import walks_visible_to
from walks.domain.start_options import Opening

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = NOON.date().replace(day=15)


@pytest.fixture
def abroad(cast):
    """A covert walk on the lead unit's windows."""
    return plan(cast, ServiceItem.objects.create(department=cast.lead_unit, name="企业开办"))


def plan(cast, item, *personas):
    return opening.plan_covert(
        opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=item, mode="in_person"),
        actor=cast.principal,
        planned_on=DAY,
        named=[cast.people[one].pk for one in personas],
        now=NOON,
    )


def offered(cast, *personas):
    here = [Opening(cast.campaign, cast.unit, True)]
    ids = {cast.people[one].pk for one in personas}
    return [one for one in covert_planning.readers_offered(cast.principal, here) if one.user_id in ids]


def sees(cast, persona, walk):
    cast.people[persona].__dict__.pop("_scope", None)
    return walks_visible_to(cast.people[persona]).filter(pk=walk.pk).exists()


def join(cast, persona, unit, role=Role.RESPONSIBLE):
    grant_membership(user=cast.people[persona], department=unit, role=role)


def press(client, user, walk, **data):
    client.force_login(user)
    return client.post(reverse("walk_readers", args=[walk.pk]), {"idempotency_key": new_key(), **data}, follow=True)


def test_a_named_reader_of_a_second_receiving_unit_opens_the_walk(client, cast):
    first = cast.campaign.receivers.get(activity_kind="process_walkthrough", unit_kind="")
    Receiver.objects.create(
        campaign=cast.campaign, activity_kind=first.activity_kind, department=cast.second_unit, order=1
    )
    join(cast, "second_liaison", cast.second_unit, Role.LEAD)
    walk = plan(cast, cast.item, "second_liaison")
    client.force_login(cast.second_liaison)
    assert client.get(reverse("walk", args=[walk.pk])).status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE])
def test_somebody_of_the_office_who_also_belongs_to_the_visited_unit_cannot_be_named(cast, abroad, role):
    join(cast, "office", cast.lead_unit, role)
    named = offered(cast, "office")
    assert named
    with pytest.raises(Refused, match=r"被体验单位（.*）的人员，不能列为知情人"):
        covert_planning.name_readers(walk=abroad, named=named, actor=cast.principal, now=NOON)
    assert not sees(cast, "office", abroad)


def test_who_joins_the_visited_unit_later_sees_the_walk_no_more_and_is_told_nothing(client, cast, abroad):
    covert_planning.name_readers(walk=abroad, named=offered(cast, "office", "liaison"), actor=cast.principal, now=NOON)
    assert sees(cast, "office", abroad)
    join(cast, "office", cast.lead_unit)
    join(cast, "liaison", cast.lead_unit)
    assert not sees(cast, "office", abroad)
    client.force_login(cast.principal)
    assert "测试office（被体验单位人员，已不可见）" in client.get(reverse("walk", args=[abroad.pk])).text
    lifecycle.perform(walk=abroad, action="begin", actor=cast.principal, now=NOON)
    lifecycle.add_step(walk=abroad, actor=cast.principal, stage="consult", note="顺畅", happened_at=NOON)
    lifecycle.write_facts(walk=abroad, actor=cast.principal, facts={"zero_explained": "顺畅"})
    abroad.refresh_from_db()
    intake.record_walk(walk=abroad, actor=cast.principal, now=NOON)
    intake.sign_walk(walk=abroad, actor=cast.principal, now=NOON)
    assert not Notice.objects.exists()


def test_the_liaison_who_stays_is_told_that_it_is_signed(cast, abroad):
    covert_planning.name_readers(walk=abroad, named=offered(cast, "liaison"), actor=cast.principal, now=NOON)
    lifecycle.perform(walk=abroad, action="begin", actor=cast.principal, now=NOON)
    lifecycle.add_step(walk=abroad, actor=cast.principal, stage="consult", note="顺畅", happened_at=NOON)
    lifecycle.write_facts(walk=abroad, actor=cast.principal, facts={"zero_explained": "顺畅"})
    abroad.refresh_from_db()
    intake.record_walk(walk=abroad, actor=cast.principal, now=NOON)
    intake.sign_walk(walk=abroad, actor=cast.principal, now=NOON)
    assert [notice.recipient for notice in Notice.objects.all()] == [cast.liaison]


def test_the_walker_keeps_the_own_walk_and_own_people_may_know_of_one_at_home(cast, abroad):
    join(cast, "principal", cast.lead_unit)
    assert sees(cast, "principal", abroad)
    home = plan(cast, cast.item, "liaison")
    assert sees(cast, "liaison", home)
    assert [one["is_silent"] for one in readers_of(home)] == [False, False]


def test_a_walk_covert_by_the_notice_is_not_opened_by_somebody_of_the_visited_unit(cast, abroad):
    version = cast.campaign.rule_versions.get()
    covert = {"planning": version.data["planning"] | {"covert": "required"}}
    cast.campaign.rule_versions.create(
        number=2, data=version.data | covert, effective_on=version.effective_on, issued_at=version.issued_at
    )
    join(cast, "liaison", cast.lead_unit)
    draft = opening.WalkDraft(
        campaign=cast.campaign, department_id=cast.unit.pk, item=abroad.item, mode="in_person", walker=cast.principal
    )
    with pytest.raises(Refused, match="您是被体验单位"):
        opening.start(draft, actor=cast.liaison, now=NOON)
    assert opening.start(draft, actor=cast.principal, now=NOON).is_covert


def test_the_walker_takes_a_clearance_back_and_the_covert_audit_says_so(client, cast, abroad):
    covert_planning.name_readers(walk=abroad, named=offered(cast, "office", "liaison"), actor=cast.principal, now=NOON)
    answer = press(client, cast.principal, abroad, remove=cast.office.pk)
    assert "已撤销知情，这次暗访对其不再可见。" in answer.text
    assert not sees(cast, "office", abroad)
    assert sees(cast, "liaison", abroad)
    said = AuditEntry.objects.filter(chain="covert", object_key=str(abroad.pk)).exclude(action="walk.viewed")
    assert list(said.order_by("seq").values_list("action", "detail")) == [
        ("walk.readers_named", {"people": ["测试office", "测试liaison"]}),
        ("walk.reader_removed", {"people": ["测试office"]}),
    ]
    assert not Notice.objects.exists()
    assert press(client, cast.principal, abroad, people=[cast.office.pk]).status_code == 200
    assert sees(cast, "office", abroad)


def test_only_those_are_offered_who_may_be_named_and_are_not_yet(client, cast, abroad):
    join(cast, "office", cast.lead_unit)
    covert_planning.name_readers(walk=abroad, named=offered(cast, "liaison"), actor=cast.principal, now=NOON)
    client.force_login(cast.principal)
    form = client.get(reverse("walk_readers", args=[abroad.pk])).context["form"]
    assert {name for _, name in form.fields["people"].choices} == {
        "测试deputy（县民政局分管负责同志）",
        "测试office_second（县营商办统筹办）",
    }
    everybody = offered(cast, "deputy", "office_second")
    covert_planning.name_readers(walk=abroad, named=everybody, actor=cast.principal, now=NOON)
    assert "可以列为知情人的人员已全部列入" in client.get(reverse("walk_readers", args=[abroad.pk])).text


@pytest.mark.parametrize(
    ("who", "words"), [("principal", "体验人本人不能撤销"), ("deputy", "已不在知情人之列"), ("x", "已不在知情人之列")]
)
def test_the_walker_stays_and_nobody_is_taken_off_who_is_not_on(client, cast, abroad, who, words):
    wanted = cast.people[who].pk if who in cast.people else who
    assert words in press(client, cast.principal, abroad, remove=wanted).text
    assert sees(cast, "principal", abroad)
    assert not AuditEntry.objects.filter(action="walk.reader_removed").exists()


def test_naming_sent_twice_names_once_and_goes_on(client, cast, abroad):
    [reader] = offered(cast, "liaison")
    client.force_login(cast.principal)
    url = reverse("walk_readers", args=[abroad.pk])
    page = client.get(url).context["form"]
    [value] = [value for value, label in page.fields["people"].choices if label == reader.label]
    sent = {"people": value, "idempotency_key": new_key()}
    assert [client.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(action="walk.readers_named").count() == 1


def test_pressing_twice_takes_back_once_and_only_the_walker_may(client, cast, abroad):
    covert_planning.name_readers(walk=abroad, named=offered(cast, "office", "liaison"), actor=cast.principal, now=NOON)
    assert press(client, cast.liaison, abroad, remove=cast.office.pk).status_code == 403
    for _ in range(2):
        press(client, cast.principal, abroad, remove=cast.office.pk, idempotency_key="once")
    assert AuditEntry.objects.filter(action="walk.reader_removed").count() == 1
    press(client, cast.principal, abroad, remove=cast.liaison.pk, idempotency_key="once")
    assert sees(cast, "liaison", abroad)
