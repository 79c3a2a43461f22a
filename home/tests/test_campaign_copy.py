"""The copy for the next period, and what of the old one is listed beside it (上期结转)."""

import uuid
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Department
from campaigns.domain.copying import copy
from campaigns.domain.lifecycle import changed, issue
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.models import Campaign, RuleVersion
from core.exceptions import IllegalTransition, NotAllowed, Refused
from home.tests.ended import JULY, june_campaign, step
from issues.domain import lifecycle as issue_lifecycle
from issues.domain.carried import carried_over
from issues.domain.ledger import filter_choices
from issues.domain.queries import issues_visible_to
from issues.filters import LedgerFilter
from issues.models import Issue
from reports.domain.figures import ReportQuery
from reports.domain.queries import SYSTEM
from reports.domain.tally import table_of
from tests.cast import cast_after

pytestmark = [pytest.mark.django_db, pytest.mark.clock(JULY)]


@pytest.fixture
def june(db, clock):
    return cast_after("june campaign", june_campaign)


def copied(cast, code: str = "QHJULY", source: Campaign | None = None, actor=None):
    source = source or Campaign.objects.get(pk=cast.campaign.pk)
    head = {"code": code, "name": "下一期", "start": date(2022, 7, 1), "end": date(2022, 12, 31)}
    return copy(source=source, actor=actor or cast.office, **head)


def test_a_copy_takes_rules_units_and_receivers_and_names_what_stays_behind(june):
    gone = june.second_unit
    Department.objects.filter(pk__in=[gone.pk, june.lead_unit.pk]).update(is_active=False)
    made = copied(june)
    old, new = Campaign.objects.get(pk=june.campaign.pk), made.campaign
    assert (new.state, new.office, new.follows, new.issued_at) == ("draft", old.office, old, None)
    held, fresh = (Rulebook.from_data(one.rule_versions.get().data) for one in (old, new))
    assert (fresh.starts_on, fresh.ends_on) == (date(2022, 7, 1), date(2022, 12, 31))
    assert fresh.rectification == held.rectification
    roster = list(old.roster.values_list("department_id", "order"))
    kept = [row for row in roster if row[0] not in (gone.pk, june.lead_unit.pk)]
    assert list(new.roster.values_list("department_id", "order")) == kept
    # The office stands in for a receiver that is abolished.
    lead_rows = old.receivers.filter(department=june.lead_unit).count()
    assert lead_rows
    assert new.receivers.filter(department=old.office).count() >= lead_rows
    assert new.receivers.count() == old.receivers.count()
    assert f"{gone.name}（已撤销，未列入名单）" in made.left_out
    assert f"{june.lead_unit.name}（已撤销，不再接收，请核对接收单位）" in made.left_out
    assert [rows.count() for rows in (new.walks, new.plans, new.issues)] == [0, 0, 0]


def test_the_must_walk_list_comes_along_where_the_rules_ask_for_one(june):
    june.campaign.pool.create(item=june.item, provenance="leader", note="县长点题")
    assert not copied(june).campaign.pool.exists()
    other = copied(june, "QHPOOL").campaign
    version = other.rule_versions.get()
    rules = changed(Rulebook.from_data(version.data), "coverage", {"basis": "pool"})
    RuleVersion.objects.filter(pk=version.pk).update(data=rules.as_data())
    other.pool.create(item=june.item, provenance="leader", note="县长点题")
    issue(campaign=other, actor=june.office)
    again = copied(june, "QHNEXT", source=Campaign.objects.get(pk=other.pk)).campaign
    assert list(again.pool.values_list("item_id", "provenance", "note")) == [(june.item.pk, "leader", "县长点题")]


def test_who_copies_what(june):
    with pytest.raises(NotAllowed):
        copied(june, actor=june.lead)
    with pytest.raises(Refused, match="活动代码 QH2022 已被使用"):
        copied(june, "QH2022")
    draft = copied(june).campaign
    with pytest.raises(IllegalTransition, match="处于“起草”，不能建立下一期活动"):
        copied(june, "QHMORE", source=draft)


def test_open_issues_are_listed_beside_the_copy_and_counted_nowhere_in_it(june):
    first = copied(june).campaign
    issue(campaign=first, actor=june.office)
    second = copied(june, "QHLATER", source=Campaign.objects.get(pk=first.pk)).campaign
    issue(campaign=second, actor=june.office)
    [found] = Issue.objects.filter(campaign=june.campaign)
    assert found.campaign_id == june.campaign.pk
    # Through every campaign in between, for whoever sees the issue, on the ledger as on the page of the campaign.
    for campaign in (first, second):
        campaign = Campaign.objects.get(pk=campaign.pk)
        for person, rows in ((june.office, [found]), (june.lead, [found]), (june.second_liaison, [])):
            choices = filter_choices(person, timezone.localdate())
            given = {"carried": campaign.code}
            listed = LedgerFilter(given, issues_visible_to(person), choices=choices, today=JULY.date()).qs
            assert (list(carried_over(person, campaign)), list(listed)) == (rows, rows)
        rules = Rulebook.from_data(campaign.rule_versions.get().data)
        query = ReportQuery(campaign, rules.period_of(campaign.starts_on), JULY.date(), SYSTEM)
        assert table_of(query).total.values["issues_found"] == 0
    assert not carried_over(june.office, june.campaign).exists()
    issue_lifecycle.perform(issue=found, action="take", actor=june.liaison)
    assert carried_over(june.office, first).count() == 1
    Issue.objects.filter(pk=found.pk).update(state="closed")
    assert carried_over(june.office, first).count() == 0


def test_the_pages(june, client):
    client.force_login(june.office)
    step(june, "summarise")
    page = reverse("campaign_copy", args=["QHJUNE"])
    shown = client.get(page).context["form"]
    assert (shown.initial["start"], shown.initial["end"]) == (date(2022, 7, 28), date(2022, 8, 26))
    sent = {"idempotency_key": str(uuid.uuid4()), "name": "七月", "code": "QHJULY", "start": "2022-07-01"}
    assert client.post(page, sent).status_code == 400
    for _ in range(2):
        done = client.post(page, sent | {"end": "2022-07-31"}, follow=True)
        assert done.status_code == 200
    made = Campaign.objects.get(code="QHJULY")
    issue(campaign=made, actor=june.office)
    now = client.get(reverse("campaign", args=["QHJULY"])).content.decode()
    assert "青禾县六月走流程未销号的问题 1 件" in now
    assert client.get(reverse("issues") + "?carried=QHJULY").context["page"].total == 1
