"""Every foreign key to a person is a duty that goes over to a successor, or says here why it does not."""

from django.apps import apps

from accounts.models import User
from home.domain.handing_over import KINDS

# The record says who did it; it stays.
DONE_BY = (
    "accounts.RoleRequest.requested_by", "accounts.RoleRequest.decided_by", "accounts.HandOver.leaver",
    "accounts.HandOver.successor", "accounts.HandOver.made_by", "accounts.UnitChange.made_by", "core.Job.decided_by",
    "evidence.StoredFile.uploaded_by",
    "campaigns.Campaign.created_by", "campaigns.Campaign.summarised_by", "campaigns.Campaign.archived_by",
    "campaigns.RuleVersion.created_by", "campaigns.Deadline.answered_by",
    "campaigns.PoolItem.added_by", "campaigns.HotlineMonth.changed_by", "campaigns.HotlineMonth.issued_by",
    "walks.Walk.signed_by", "walks.Walk.changed_by", "walks.Walk.created_by", "walks.Clearance.granted_by",
    "walks.Participant.user", "walks.Step.withdrawn_by", "walks.Step.created_by", "walks.StepPhoto.withdrawn_by",
    "walks.StampedPage.added_by", "walks.WalkEvent.actor", "walks.Draw.drawn_by", "plans.Plan.submitted_by",
    "plans.Plan.filed_by", "plans.Plan.created_by", "plans.Plan.changed_by", "plans.PlanEvent.actor",
    "issues.Inspection.made_by", "issues.Inspection.struck_by", "issues.Issue.reported_by",
    "issues.Issue.due_proposed_by", "issues.Issue.closing_requested_by", "issues.Issue.closed_by",
    "issues.Issue.dismissal_proposed_by", "issues.IssueRound.requested_by", "issues.IssueRound.closed_by",
    "issues.IssueEvidence.withdrawn_by", "issues.IssueEvidence.added_by", "issues.EvidenceOpening.user",
    "issues.Enquiry.sent_by", "issues.Enquiry.changed_by", "issues.EnquiryReply.answered_by",
    "issues.EnquiryReply.changed_by", "issues.EnquiryEvent.actor", "issues.LookBackDraw.drawn_by",
    "issues.LookBackRequest.asked_by", "issues.LookBackRequest.withdrawn_by",
    "issues.LookBack.judged_by", "issues.LookBack.bound_by", "issues.LookBack.changed_by",
    "issues.BulkChange.actor", "issues.Cooperation.noted_by", "issues.Incoming.entered_by",
    "issues.IssueEvent.actor", "issues.Need.changed_by", "issues.NeedEvent.actor",
    "issues.Chase.person", "issues.Chase.chased_by", "issues.Extension.asked_by", "issues.Extension.decided_by",
    "issues.Slip.signed_by", "issues.Slip.replied_by", "issues.Slip.changed_by", "issues.SlipEvent.actor",
    "ledgers.ImportBatch.actor", "ledgers.ImportBatch.undone_by", "campaigns.HeadMapping.said_by",
    "reports.Summary.compiled_by", "reports.Publication.published_by", "reports.Submission.sent_by",
    "reports.Submission.changed_by", "reports.SubmissionEvent.actor", "reports.PaperText.saved_by",
    "reports.OwnTemplate.uploaded_by", "reports.TemplateUse.chosen_by", "reports.PublicSheet.asked_by",
    "reports.PublicSheet.released_by", "reports.PublicSheet.ended_by", "reports.PublicPlace.recorded_by",
    "reports.PublicPlace.struck_by", "scoring.ScoreObjection.made_by", "scoring.ScoreObjection.answered_by",
    "scoring.ScoreNote.made_by", "scoring.ScoreNote.answered_by", "scoring.ScoreSheet.frozen_by",
    "manual.Suggestion.author", "manual.Suggestion.answered_by", "notifications.Channel.set_by",
)  # fmt: skip
# The account's own, and gone with its rights.
OWN = {
    "accounts.ApiToken.user": "a key to the API",
    "core.IdempotencyKey.user": "what a browser sent",
    "core.Job.owner": "a file made under rights that end",
    "core.StagedTable.owner": "a preview of a table",
    "issues.SavedView.owner": "conditions of a list, saved by name",
    "accounts.OldPassword.user": "a password",
    "accounts.Membership.user": "the role itself: granted to the successor, ended for the leaver",
    "accounts.RoleRequest.user": "a role asked for this person",
    "notifications.MailAddress.user": "where the person wants mail",
    "notifications.Delivery.recipient": "how many notices waited",
    "notifications.Notice.recipient": "closed; the successor's reminders are made by the next round",
}
# Somebody's alone, whoever comes after.
PERSONAL = {
    "walks.Walk.walker": "who walked: a walk begun is completed by the liaison, a covert plan is nobody else's",
    "walks.Clearance.user": "who may know of a covert walk is named by its walker, never by a role",
}


def keys_to_people() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is User
    }


def test_every_key_to_a_person_is_moved_or_says_why_not():
    moved = {kind.field for kind in KINDS}
    named = [*moved, *DONE_BY, *OWN, *PERSONAL]
    assert len(named) == len(set(named))
    assert keys_to_people() - set(named) == set(), "is it a duty in one person's name?"
    assert set(named) - keys_to_people() == set(), "named, and no such key any more"
