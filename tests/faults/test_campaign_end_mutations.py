"""Guards of the end of a campaign, of what is carried over and of erasing: each is removed once, and its proof must
fail without it."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from campaigns.domain import states
from campaigns.domain.copying import copy
from campaigns.domain.lifecycle import create_campaign, issue
from campaigns.domain.roster import set_roster, token_of_roster
from campaigns.models import Campaign
from core import audit
from core.exceptions import DomainError, IllegalTransition, NotAllowed, Refused
from home.domain.closing import look_at
from home.domain.retention import erase_expired, kept_campaigns
from home.tests.ended import JULY, archived, june_campaign, publish_whole, step
from issues.domain import carried
from issues.domain.incoming import records
from issues.domain.incoming.reporter import Reporter
from issues.models import Incoming, Issue
from reports.models import Publication
from tests.cast import TZ
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten
from walks.domain import lifecycle as walk_lifecycle
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(JULY)]
GUARDS, STATES, RETENTION = "campaigns.domain.guards", "campaigns.domain.states", "home.domain.retention"
LATER = datetime(2025, 7, 28, 9, 0, tzinfo=TZ)


def nobody_but_the_office_ends_it(cast):
    june_campaign(cast)
    with pytest.raises(NotAllowed):
        step(cast, "summarise", actor=cast.supervisor)


def it_ends_after_its_last_day(cast):
    publish_whole(cast.campaign)
    with pytest.raises(IllegalTransition):
        step(cast, "summarise")


def the_papers_of_the_whole_stand_first(cast):
    cast.campaign, _ = create_campaign(
        template="lantian-2022", code="QHMAY", name="五月", region_name="青禾县", start=date(2022, 5, 1),
        end=date(2022, 5, 31), region=cast.county,
    )  # fmt: skip
    assert not Publication.objects.exists()
    with pytest.raises(Refused):
        step(cast, "summarise")


def no_rules_are_left_in_writing(cast):
    june_campaign(cast)
    cast.campaign.rule_versions.create(number=2, data={}, effective_on=cast.campaign.ends_on)
    with pytest.raises(Refused):
        step(cast, "summarise")


def what_is_open_is_confirmed_as_it_stands(cast):
    june_campaign(cast)
    seen = look_at(cast.campaign, cast.office, JULY).unfinished.token
    walk = Walk.objects.get(campaign=cast.campaign, state="reported")
    walk_lifecycle.perform(walk=walk, action="accept", actor=cast.lead)
    with pytest.raises(Refused):
        step(cast, "summarise", confirmed=seen)


def the_office_learns_of_no_walk_under_way(cast):
    june_campaign(cast)
    words = look_at(cast.campaign, cast.office, JULY).unfinished.words
    assert sum("体验" in one for one in words) == 1
    assert not any("体验 2 次" in one for one in words)


def two_end_it_once(cast):
    """Both read it while it ran; the second is told who was first."""
    june_campaign(cast)
    late = Campaign.objects.get(pk=cast.campaign.pk)
    step(cast, "summarise")
    with pytest.raises(IllegalTransition):
        states.move(late, states.TABLE.by_action["summarise"])


def the_list_of_units_stands_once_it_was_summed_up(cast):
    june_campaign(cast)
    step(cast, "summarise")
    seen = token_of_roster(cast.campaign)
    with pytest.raises(IllegalTransition):
        set_roster(
            campaign=cast.campaign, unit_ids={cast.unit.pk}, actor=cast.office, seen=seen, today=JULY.date()
        )  # fmt: skip


def nothing_is_offered_on_a_walk_of_an_archived_campaign(cast):
    june_campaign(cast)
    archived(cast)
    walk = Walk.objects.get(campaign=cast.campaign, state="in_progress")
    assert walk_lifecycle.available(cast.principal, walk) == {}


def no_case_comes_into_an_archived_campaign(cast):
    june_campaign(cast)
    archived(cast)
    with pytest.raises(IllegalTransition):
        entered(cast)


def entered(cast, number: str = "GD-9") -> Issue:
    return records.enter(
        campaign=cast.campaign, source="hotline", description="须跑两次", found_on=date(2022, 6, 9), actor=cast.office,
        source_number=number, told=Reporter(name="甲某", phone="13800002222"), now=JULY,
    )  # fmt: skip


def written_behind(query) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        query()


def an_archived_campaign_stays_so(cast):
    june_campaign(cast)
    campaign = archived(cast)
    written_behind(lambda: Campaign.objects.filter(pk=campaign.pk).update(state="running"))


def a_walk_of_an_archived_campaign_stands(cast):
    june_campaign(cast)
    campaign = archived(cast)
    written_behind(lambda: Walk.objects.filter(campaign=campaign, state="in_progress").update(place="大厅"))


def a_closed_issue_is_not_carried_over(cast):
    june_campaign(cast)
    made = copied(cast)
    Issue.objects.filter(campaign=cast.campaign).update(state="closed")
    assert not carried.carried_over(cast.office, made).exists()


def what_is_carried_over_stays_in_its_scope(cast):
    june_campaign(cast)
    assert not carried.carried_over(cast.second_liaison, copied(cast)).exists()


def copied(cast) -> Campaign:
    head = {"code": "QHJULY", "name": "七月", "start": date(2022, 7, 1), "end": date(2022, 7, 31)}
    made = copy(source=Campaign.objects.get(pk=cast.campaign.pk), actor=cast.office, **head).campaign
    issue(campaign=made, actor=cast.office)
    return Campaign.objects.get(pk=made.pk)


def nobody_but_secadmin_erases(cast):
    kept(cast)
    with pytest.raises(NotAllowed):
        erase_expired(actor=cast.sysadmin, reason="保存期满", now=LATER)


def nothing_is_erased_before_its_time(cast):
    kept(cast)
    with pytest.raises(Refused):
        erase_expired(actor=cast.secadmin, reason="保存期满", now=LATER - timedelta(days=1))


def what_an_open_issue_needs_waits(cast):
    kept(cast, ended=False)
    with pytest.raises(Refused):
        erase_expired(actor=cast.secadmin, reason="保存期满", now=LATER)


def an_erasure_leaves_its_entry(cast):
    kept(cast)
    erase_expired(actor=cast.secadmin, reason="保存期满", now=LATER)
    who, _ = audit.last_done("retention.erased", object_type="campaign", object_key="QHJUNE")
    assert who == cast.secadmin
    assert not Incoming.objects.filter(erased_at=None).exists()


def kept(cast, *, ended: bool = True) -> None:
    june_campaign(cast)
    found = entered(cast)
    if ended:
        Issue.objects.filter(pk=found.pk).update(state="closed", closed_on=date(2022, 7, 1))
    archived(cast)
    assert len(kept_campaigns(JULY)) == int(ended)


def passes(*_, **__):
    return None


FAULTS = [
    Fault(nobody_but_the_office_ends_it, replaced(f"{STATES}.may_set_up", lambda user, campaign: True)),
    Fault(it_ends_after_its_last_day, replaced(f"{GUARDS}.ended", passes)),
    Fault(the_papers_of_the_whole_stand_first, replaced(f"{GUARDS}.whole_published", passes)),
    Fault(no_rules_are_left_in_writing, replaced(f"{GUARDS}.no_rules_in_writing", passes)),
    Fault(what_is_open_is_confirmed_as_it_stands, replaced(f"{GUARDS}.left_open_confirmed", passes)),
    Fault(
        the_office_learns_of_no_walk_under_way,
        replaced(
            "home.domain.closing.handed_in_open",
            lambda user, campaign: [("县民政局", Walk.objects.filter(campaign=campaign).count())],
        ),
    ),
    Fault(two_end_it_once, rewritten(f"{STATES}.move", ", state__in=row.sources", "")),
    Fault(
        the_list_of_units_stands_once_it_was_summed_up, replaced("campaigns.domain.roster.require_before_end", passes)
    ),
    Fault(nothing_is_offered_on_a_walk_of_an_archived_campaign, replaced("walks.domain.guards.not_archived", passes)),
    Fault(no_case_comes_into_an_archived_campaign, replaced("issues.domain.incoming.records.hold_writable", passes)),
    Fault(an_archived_campaign_stays_so, no_triggers("campaigns_campaign")),
    Fault(a_walk_of_an_archived_campaign_stands, no_triggers("walks_walk")),
    Fault(a_closed_issue_is_not_carried_over, rewritten("issues.domain.carried.carried_q", ", open_key=1", "")),
    Fault(
        what_is_carried_over_stays_in_its_scope,
        rewritten("issues.domain.carried.carried_over", "issues_visible_to(user)", "Issue.objects"),
    ),
    Fault(nobody_but_secadmin_erases, replaced(f"{RETENTION}.may_erase", lambda user: True)),
    Fault(nothing_is_erased_before_its_time, rewritten(f"{RETENTION}._archived", "days[kind] <= today", "True")),
    Fault(
        what_an_open_issue_needs_waits,
        rewritten(f"{RETENTION}._reporters", ".exclude(issue__open_key=1)", ""),
    ),
    Fault(an_erasure_leaves_its_entry, replaced(f"{RETENTION}.audit.record", passes)),
]


class TestGuardsOfTheEnd(FaultTests):
    also = (DomainError, DatabaseError)
