"""The rules an issue follows: of the version of its walk, without a walk of the one in force when it was found."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.db.models import Q, QuerySet

from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rulebooks_at, rules_of
from campaigns.models import Campaign, RuleVersion
from issues.models import Issue


def rules_of_issue(issue: Issue) -> Rulebook:
    """The rules of one issue."""
    if issue.walk is not None:
        return Rulebook.from_data(issue.walk.rules.data)
    return rules_of(issue.campaign_id, issue.found_on)[1]


def rules_of_issues(issues: Sequence[Issue]) -> dict[int, Rulebook]:
    """{issue id: its rules} of issues that come with the rules of their walk; one query at most."""
    walked: dict[int, Rulebook] = {}
    for issue in issues:
        if issue.walk is not None and issue.walk.rules_id not in walked:
            walked[issue.walk.rules_id] = Rulebook.from_data(issue.walk.rules.data)
    held = rulebooks_at((issue.campaign_id, issue.found_on) for issue in issues if issue.walk is None)
    return {
        issue.pk: walked[issue.walk.rules_id] if issue.walk else held[issue.campaign_id, issue.found_on]
        for issue in issues
    }


def held_by(campaigns: Sequence[Campaign] | QuerySet[Campaign]) -> list[tuple[Q, Rulebook]]:
    """(which issues are under it, the rules) of each issued version of these campaigns; one query. What
    ``rules_of_issue`` says of one issue, as a condition on rows."""
    versions = RuleVersion.objects.filter(campaign__in=campaigns, issued_at__isnull=False)
    rows = versions.order_by("campaign_id", "number").values_list("campaign_id", "pk", "effective_on", "data")
    found = []
    for campaign, group in groupby(rows, key=itemgetter(0)):
        held = list(group)
        for (_, pk, since, data), after in zip(held, [*held[1:], None], strict=True):
            under = Q(walk__rules_id=pk) | _found_under(campaign, None if pk == held[0][1] else since, after)
            found.append((under, Rulebook.from_data(data)))
    return found


def _found_under(campaign: int, since: date | None, after: tuple | None) -> Q:
    """Issues without a walk that were found while a version held: from ``since`` on (None: always), until the one
    ``after`` it."""
    found = Q(walk=None, campaign_id=campaign)
    found &= Q(found_on__gte=since) if since else Q()
    return found & Q(found_on__lt=after[2]) if after and after[2] else found
