"""The rules of an issue's 督办单: of the version of its walk, without a walk of the one in force when it was found."""

from campaigns.domain.rulebook.rectifying import Rectification
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rules_of
from issues.models import Issue


def rectification_of(issue: Issue) -> Rectification:
    """How issues of those rules are rectified."""
    if issue.walk is not None:
        return Rulebook.from_data(issue.walk.rules.data).rectification
    return rules_of(issue.campaign_id, issue.found_on)[1].rectification
