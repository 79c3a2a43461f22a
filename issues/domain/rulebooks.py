"""The rules an issue follows: of the version of its walk, without a walk of the one in force when it was found."""

from collections.abc import Sequence

from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rulebooks_at, rules_of
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
