"""Who may compile and publish, and in which part a person acts on a submission."""

from accounts.models import User
from accounts.scope import Scope, scope_of
from campaigns.models import Campaign
from reports.enums import SubmissionActor, SubmissionState
from reports.models import Submission


def may_compile(user: User, campaign: Campaign) -> bool:
    """The office of the campaign's own level; offices above it and supervisors read only."""
    return campaign.region_id in scope_of(user).act_regions


def may_publish(user: User, campaign: Campaign) -> bool:
    """Who compiles; where the campaign names one of several offices of the region as publisher, that office alone, as
    long as it is not abolished."""
    named = campaign.publisher
    return may_compile(user, campaign) and (named is None or not named.is_active or named.pk in scope_of(user).offices)


def actors_of(user: User, submission: Submission) -> frozenset[str]:
    """The actors of the table that the person is for this submission.

    - unit: principal, deputies and liaisons of the unit
    - checker: the lead that checks; where the coordinating office checks itself, that office
    - office: the office, on campaigns of its own level
    """
    scope, campaign = scope_of(user), submission.campaign
    actors = set()
    if submission.department_id in scope.units:
        actors.add(SubmissionActor.UNIT)
    if campaign.region_id in scope.act_regions:
        actors.add(SubmissionActor.OFFICE)
    by_office = submission.checker_id == campaign.office_id
    if campaign.region_id in scope.act_regions if by_office else submission.checker_id in scope.leads:
        actors.add(SubmissionActor.CHECKER)
    return frozenset(actors)


def sees(scope: Scope, submission: Submission) -> bool:
    """Whether a person with that scope may know of the submission: what ``submissions_visible_to`` says of rows, but
    for the units that receive it beside the leading one, to whom no notice goes."""
    if submission.department_id in scope.units:
        return True
    above = submission.receiver_id in scope.leads or submission.campaign.region_id in scope.read_regions
    return above and submission.state != SubmissionState.TO_SEND
