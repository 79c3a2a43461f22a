"""Every foreign key to a unit says what becomes of it when the unit ends: it moves, or it stays, and why."""

from django.apps import apps

from accounts.models import Department
from home.domain.unit_changes import MOVED

# What was signed, sent, decided or counted under a name keeps it; whoever works in the successor has the same
# part in it (``accounts.scope``).
STAYS = {
    "accounts.Department.succeeded_by": "follows the chain of successors",
    "accounts.HandOver.department": "the record says where it was",
    "accounts.UnitName.department": "the names of that unit",
    "accounts.UnitChange.units": "the change itself",
    "accounts.UnitChange_units.department": "the change itself",
    "campaigns.Campaign.publisher": "who issued it; a copy for the next period leaves out one that ended",
    "campaigns.HotlineMonth.made_by": "figures as they were brought in",
    "campaigns.HotlineRow.department": "tickets of a month; an issued list never changes",
    "walks.Walk.department": "a walk is finished under the name it was begun by",
    "walks.Walk.receiver": "a walk keeps its receiver; signed with it",
    "walks.Walk.also_received_by": "signed with the walk",
    "walks.Walk_also_received_by.department": "signed with the walk",
    "walks.Draw.department": "a draw is never taken back",
    "plans.Plan.receiver": "who received it then; a new plan goes to who receives on its day",
    "issues.Issue.discovering_department": "who found it",
    "issues.Issue.proposed_department": "signed with the walk",
    "issues.Issue.cooperating": "by issues.Cooperation.department",
    "issues.IssueEvent.responsible_department": "history",
    "issues.NeedEvent.department": "history",
    "issues.Enquiry.department": "on whose behalf it was sent",
    "issues.EnquiryReply.department": "what was asked never changes",
    "issues.Slip.department": "what was signed never changes",
    "issues.Inspection.units": "an inspection stays as it was recorded",
    "issues.Inspection_units.department": "an inspection stays as it was recorded",
    "issues.Chase.department": "who was chased then",
    "issues.Extension.department": "a request never changes",
    "issues.LookBackRequest.department": "who was asked",
    "issues.SavedView.department": "conditions of a list, saved by name; the people of the successor use them",
    "campaigns.HeadMapping.office": "what columns of a table were said to be",
    "reports.Submission.department": "what was sent never changes; a successor sends its own",
    "reports.Submission.receiver": "who received it then",
    "reports.Submission.also_received_by": "who received it then",
    "reports.Submission_also_received_by.department": "who received it then",
    "reports.Submission.checker": "who checks it; done by its successor",
    "reports.PaperText.department": "a version of a text is kept",
    "scoring.ScoreObjection.department": "of the period it is about",
    "scoring.ScoreNote.department": "of the period it is about",
}
# Roles are asked for anew (``accounts.domain.unit_people``).
ROLES = {"accounts.Membership.department", "accounts.RoleRequest.department"}
# Moves with the row of its receiver.
WITH_OTHERS = {"campaigns.Receiver.then"}


def keys_to_units() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is Department
    }


def test_every_key_to_a_unit_moves_or_says_why_not():
    named = [*(kind.field for kind in MOVED if kind.field), *STAYS, *ROLES, *WITH_OTHERS]
    assert len(named) == len(set(named))
    assert keys_to_units() - set(named) == set(), "what becomes of it when the unit is merged or split?"
    assert set(named) - keys_to_units() == set(), "named, and no such key any more"
