"""Everything that waits for a person, group by group."""

from datetime import date

from accounts.models import User
from home.views import campaign_groups, issue_groups


def groups_of(user: User, today: date) -> list[dict]:
    """The groups of 等我办, in the order of the page."""
    groups = campaign_groups.submission_groups(user, today) + campaign_groups.plan_groups(user, today)
    groups += campaign_groups.walk_groups(user) + issue_groups.issue_groups(user, today)
    groups += issue_groups.need_group(user, today) + issue_groups.enquiry_group(user, today)
    groups += issue_groups.look_back_group(user, today) + issue_groups.draw_groups(user, today)
    groups += issue_groups.slip_groups(user, today)
    groups += campaign_groups.score_groups(user) + campaign_groups.public_groups(user)
    groups += campaign_groups.ended_groups(user, today)
    groups += issue_groups.unheld_group(user) + campaign_groups.unstaffed_group(user)
    return groups + issue_groups.release_group(user)
