"""总结, 归档, what an archived campaign still takes, and the copy for the next period."""

import uuid
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from campaigns.domain import states
from campaigns.domain.lifecycle import create_campaign
from campaigns.domain.roster import set_roster, token_of_roster
from campaigns.enums import CampaignState
from campaigns.models import Campaign
from core.conflicts import ARCHIVED
from core.exceptions import IllegalTransition, NotAllowed, Refused
from core.models import AuditEntry
from home.domain.closing import finish, look_at
from home.tests.ended import JULY, june_campaign, publish_whole, step
from issues.domain import lifecycle as issue_lifecycle
from issues.models import Issue
from notifications.models import Notice
from plans.models import Plan
from reports.models import PublicSheet, Summary
from scoring.models import ScoreObjection
from tests.cast import PASSWORD, cast_after
from walks.domain import lifecycle as walk_lifecycle
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(JULY)]


@pytest.fixture
def june(db, clock):
    return cast_after("june campaign", june_campaign)


def test_it_is_summed_up_and_archived_with_what_was_left_open(june):
    found = look_at(june.campaign, june.office)
    assert found.unfinished.whole_version == 1
    assert found.issues_open == 1
    # The walk under way is the unit's own: nothing here tells the office of it.
    assert found.unfinished.words == (
        "未印发的期间 2 个：2022年6月、2022年7月",
        "已报送而未接收、退回补正的体验 1 次：县民政局 1 次",
    )
    done = step(june, "summarise")
    assert (done.state, done.left_open, done.summarised_by) == (
        CampaignState.SUMMARISED, list(found.unfinished.words), june.office,
    )  # fmt: skip
    told = Notice.objects.filter(kind="campaign.summarised").values_list("recipient__username", flat=True)
    assert {"principal", "liaison", "second_liaison"} <= set(told)
    assert not {"office", "lead", "responsible", "namesake"} & set(told)
    done = step(june, "archive")
    assert (done.state, done.archived_by, done.archived_at) == (CampaignState.ARCHIVED, june.office, JULY)
    kept = AuditEntry.objects.filter(object_key="QHJUNE", action__in=("campaign.summarised", "campaign.archived"))
    assert [entry.detail["left_open"] for entry in kept] == [list(found.unfinished.words)] * 2


def test_the_office_finds_on_its_first_page_what_can_be_summed_up_and_archived(client, june):
    def waiting(persona):
        client.force_login(june.people[persona])
        groups = client.get("/").context["groups"]
        return [
            (one["title"], row["url"]) for one in groups if one["title"].startswith("活动待") for row in one["rows"]
        ]

    assert waiting("office") == [("活动待总结", "/campaigns/QHJUNE/")]
    assert waiting("lead") == waiting("office_city") == []
    step(june, "summarise")
    assert waiting("office") == [("活动待归档", "/campaigns/QHJUNE/")]
    step(june, "archive")
    assert waiting("office") == []


def test_nothing_is_summed_up_before_its_time(june):
    with pytest.raises(NotAllowed):
        step(june, "summarise", actor=june.lead)
    with pytest.raises(IllegalTransition, match="处于“实施中”，不能归档"):
        step(june, "archive")
    with pytest.raises(Refused, match="还有未完成的事项，未总结：未印发的期间") as refused:
        step(june, "summarise", confirmed="")
    assert "confirmed" in refused.value.fields
    running = Campaign.objects.get(code="QH2022")
    with pytest.raises(IllegalTransition, match="自 2033年1月1日起可以总结"):
        finish(campaign=running, action="summarise", actor=june.office, confirmed="")
    assert "summarise" not in states.available(june.office, running)


def test_the_whole_is_published_first_and_no_rules_are_in_writing(june):
    other, _ = create_campaign(
        template="lantian-2022", code="QHMAY", name="五月", region_name="青禾县", start=date(2022, 5, 1),
        end=date(2022, 5, 31), region=june.county,
    )  # fmt: skip
    june.campaign = other
    with pytest.raises(Refused, match="全程汇总还没有印发，未总结"):
        step(june, "summarise")
    publish_whole(other)
    draft = {"number": 2, "data": {}, "effective_on": other.ends_on}
    other.rule_versions.create(**draft)
    with pytest.raises(Refused, match="规则正在调整，未总结"):
        step(june, "summarise")


def test_a_campaign_summed_up_finishes_what_was_begun_and_begins_nothing(june):
    begun = Walk.objects.get(campaign=june.campaign, state="in_progress")
    step(june, "summarise")
    walk_lifecycle.add_step(walk=begun, actor=june.principal, stage="consult", note="补记")
    with pytest.raises(IllegalTransition, match="处于“已总结”，不能修改设置"):
        set_roster(
            campaign=june.campaign, unit_ids={june.unit.pk}, actor=june.office,
            seen=token_of_roster(june.campaign), today=JULY.date(),
        )  # fmt: skip
    walk = Walk.objects.get(campaign=june.campaign, state="reported")
    walk_lifecycle.perform(walk=walk, action="accept", actor=june.lead)


def test_an_archived_campaign_is_read_only_but_for_its_open_issues(june):
    begun = Walk.objects.get(campaign=june.campaign, state="in_progress")
    handed_in = Walk.objects.get(campaign=june.campaign, state="reported")
    step(june, "summarise")
    step(june, "archive")
    begun, handed_in = Walk.objects.get(pk=begun.pk), Walk.objects.get(pk=handed_in.pk)
    assert walk_lifecycle.available(june.principal, begun) == {}
    with pytest.raises(IllegalTransition, match="本活动已归档"):
        walk_lifecycle.perform(walk=handed_in, action="accept", actor=june.lead)
    assert set(states.available(june.office, Campaign.objects.get(code="QHJUNE"))) == {"copy"}
    issue = Issue.objects.get(campaign=june.campaign)
    issue_lifecycle.perform(issue=issue, action="take", actor=june.liaison)
    assert Issue.objects.get(pk=issue.pk).state == "planning"


# {table: what is written into it under an archived campaign}; each is refused by the database itself.
WRITES = {
    "campaign": lambda c: Campaign.objects.filter(pk=c.pk).update(name="改名"),
    "state": lambda c: Campaign.objects.filter(pk=c.pk).update(state=CampaignState.RUNNING),
    "rules": lambda c: c.rule_versions.create(number=9, data={}, effective_on=c.ends_on),
    "roster": lambda c: c.roster.update(left_on=JULY.date()),
    "receiver": lambda c: c.receivers.all().delete(),
    "deadline": lambda c: c.deadlines.update(due_on=JULY.date()),
    "must-walk": lambda c: c.pool.create(item_id=Walk.objects.filter(campaign=c).first().item_id, provenance="unit"),
    "hotline": lambda c: c.hotline_months.create(month="2022-06", duty_month="2022-07"),
    "walk": lambda c: Walk.objects.filter(campaign=c, state="in_progress").update(place="大厅"),
    "step": lambda c: Walk.objects.get(campaign=c, state="in_progress").steps.update(note="改"),
    "plan": lambda c: Plan.objects.create(
        campaign=c, rules=c.rule_versions.get(), department=c.office, receiver=c.office, period="2022-06",
        created_by=Walk.objects.filter(campaign=c).first().walker,
    ),
    "summary": lambda c: Summary.objects.create(
        campaign=c, period="2022-06", data={}, as_of=JULY.date(), digest="", compiled_at=JULY
    ),
    "public": lambda c: PublicSheet.objects.create(
        publication=c.publications.get(), content={}, asked_at=JULY,
        asked_by=Walk.objects.filter(campaign=c).first().walker,
    ),
    "objection": lambda c: ScoreObjection.objects.create(
        campaign=c, period="2022-06", department=c.office, point="x", text="y", made_at=JULY,
        made_by=Walk.objects.filter(campaign=c).first().walker,
    ),
    "new issue": lambda c: Issue.objects.create(
        campaign=c, region=c.region, discovering_department=c.office, lead_department=c.office, source="visit",
        description="新问题", found_on=c.ends_on, period="2022-06", reported_by=None,
    ),
}  # fmt: skip


@pytest.mark.both_databases
def test_the_database_itself_refuses_what_comes_under_an_archived_campaign(june, subtests):
    step(june, "summarise")
    campaign = step(june, "archive")
    for name, write in WRITES.items():
        with subtests.test(name), pytest.raises(DatabaseError, match=ARCHIVED), transaction.atomic():
            write(campaign)


def test_the_page_names_what_is_open_and_takes_the_password(june, client):
    client.force_login(june.office)
    page = reverse("campaign_finish", args=["QHJUNE", "summarise"])
    shown = client.get(page)
    assert "已报送而未接收、退回补正的体验 1 次：县民政局 1 次" in shown.content.decode()
    named = shown.context["closing"].unfinished.token
    sent = {"idempotency_key": str(uuid.uuid4()), "named": named, "password": PASSWORD}
    assert client.post(page, sent).status_code == 400
    assert client.post(page, sent | {"confirmed": "on", "named": "x"}).status_code == 400
    done = client.post(page, sent | {"confirmed": "on"}, follow=True)
    assert "本活动已由" in done.content.decode()
    assert Campaign.objects.get(code="QHJUNE").state == CampaignState.SUMMARISED
    archive = client.get(reverse("campaign_finish", args=["QHJUNE", "archive"]))
    assert archive.status_code == 200
    # What the database refuses is said in words, not as an error of the product.
    step(june, "archive")
    walk = Walk.objects.get(campaign=june.campaign, state="in_progress")
    client.force_login(june.principal)
    add = client.get(reverse("walk_step_add", args=[walk.pk]))
    assert (add.status_code, "本活动已归档，只能查看" in add.content.decode()) == (409, True)


def test_the_api_takes_the_step_with_the_form_of_the_page(june, client):
    address = reverse("api-campaign-end", args=["QHJUNE", "summarise"])
    client.force_login(june.lead)
    assert client.get(address).status_code == 403
    client.force_login(june.office)
    told = client.get(address).json()
    assert (told["state"], told["whole_version"], told["issues_open"], len(told["left_open"])) == ("running", 1, 1, 2)
    sent = {"named": told["named"], "confirmed": True, "password": PASSWORD}

    def post(body: dict, key: str = "one"):
        headers = {"Idempotency-Key": key} if key else {}
        return client.post(address, body, content_type="application/json", headers=headers)

    assert post(sent, key="").json()["rule"] == "idempotency_key"
    assert set(post(sent | {"confirmed": None}).json()["fields"]) == {"confirmed"}
    assert set(post(sent | {"password": "falsch"}).json()["fields"]) == {"password"}
    for _ in range(2):
        assert post(sent).json()["state"] == "summarised"
    assert post(sent, key="two").status_code == 409
    unknown = client.get(reverse("api-campaign-end", args=["QHJUNE", "reopen"])).json()
    assert unknown["rule"] == "campaign.action"
