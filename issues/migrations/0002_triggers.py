from django.db import migrations

from core.triggers import Refuse, RefuseArchived, changed

SIGNED = "('signed', 'reported', 'accepted')"
WORDS = "what was signed never changes"
# A problem as it was met. Nothing corrects these after the signature; state, class and the unit in charge move on.
PROBLEM = (
    "walk_id", "step_id", "description", "stage", "proposed_department_id", "proposed_name", "found_on", "item_id",
    "discovering_department_id", "source", "period", "campaign_id", "region_id", "reported_by_id",
)  # fmt: skip
# What was signed on a 督办单.
SLIP = (
    "public_id", "issue_id", "campaign_id", "round", "year", "sequence", "number", "colour", "department_id",
    "late_workdays", "due_on", "demand", "jump_reason", "reply_by", "signed_by_id", "signed_at",
)  # fmt: skip
# What was recorded of an inspection; striking it out is added once.
RECORDED = (
    "public_id", "campaign_id", "inspected_on", "inspectors", "summary", "made_by_id", "made_at",
)  # fmt: skip
INSPECTED = f"OLD.struck_at IS NOT NULL OR {changed(*RECORDED)}"
# What was asked when more time was asked for; its answer is added once.
ASKED = (
    "public_id", "issue_id", "round", "department_id", "side", "old_due_on", "asked_due_on", "reason", "asked_by_id",
    "asked_at",
)  # fmt: skip
ASKED_WORDS = "a request for more time never changes"
# What was asked of units (举一反三); an answer is added once.
ENQUIRY = (
    "public_id", "issue_id", "campaign_id", "department_id", "question", "reply_by", "sent_by_id", "sent_at",
)  # fmt: skip
REPLY = ("public_id", "enquiry_id", "department_id", "campaign_id", "reply_by")
REPLIED = f"OLD.state <> 'reply_waiting' OR {changed(*REPLY)}"
# What a walk says of an issue it looked back on; what came of it is added when it is reported.
JUDGED = ("public_id", "issue_id", "walk_id", "round", "stage", "verdict", "finding", "due_on", "judged_by_id")
# The records that show a stored file as a proof.
LINKS = ("walks_stepphoto", "walks_stampedpage", "issues_issueevidence")
LINKED = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE file_id = OLD.id)" for table in LINKS)
# An import is taken back whole as long as nobody has worked on what it brought in; what was worked on has an event of
# another kind, and its history stays.
WORKED_ON = (
    "EXISTS (SELECT 1 FROM issues_issueevent other WHERE other.issue_id = OLD.issue_id AND other.kind <> 'import')"
)
# Once an issue has its number, its photos only become more.
REGISTERED = "(SELECT state FROM issues_issue WHERE id = OLD.issue_id) <> 'draft'"


def signed_walk(row: str) -> str:
    return f"(SELECT state FROM walks_walk WHERE id = {row}.walk_id) IN {SIGNED}"


def found_photo(row: str) -> str:
    """A picture of a problem as it was met, on a signed walk; what rectification adds is none of the signature."""
    return (
        f"{row}.kind = 'found' AND (SELECT walk.state FROM walks_walk walk JOIN issues_issue issue"
        f" ON issue.walk_id = walk.id WHERE issue.id = {row}.issue_id) IN {SIGNED}"
    )


class Migration(migrations.Migration):
    dependencies = [("issues", "0001_initial"), ("walks", "0002_triggers")]

    operations = [
        Refuse("issues_issueevent", "UPDATE", message="issue history is append-only"),
        Refuse(
            "issues_issueevent",
            "DELETE",
            message="issue history is append-only",
            when=f"OLD.kind <> 'import' OR {WORKED_ON}",
        ),
        Refuse("issues_needevent", "UPDATE", "DELETE", message="need history is append-only"),
        Refuse("issues_need", "INSERT", message=WORDS, when=signed_walk("NEW")),
        Refuse("issues_need", "DELETE", message=WORDS, when=signed_walk("OLD")),
        Refuse(
            "issues_need", "UPDATE", message=WORDS, when=f"{signed_walk('OLD')} AND {changed('subject', 'content')}"
        ),
        Refuse(
            "issues_issue",
            "UPDATE",
            message=WORDS,
            when=f"({signed_walk('OLD')} OR {signed_walk('NEW')}) AND {changed(*PROBLEM)}",
        ),
        Refuse("issues_issueevidence", "INSERT", message=WORDS, when=found_photo("NEW")),
        Refuse("issues_issueevidence", "UPDATE", "DELETE", message=WORDS, when=f"{found_photo('OLD')} OR {REGISTERED}"),
        # What was erased stays so.
        Refuse("issues_incoming", "UPDATE", message="what was erased stays erased", when="OLD.erased_at IS NOT NULL"),
        Refuse("issues_slip", "DELETE", message="a signed slip never changes"),
        Refuse("issues_slip", "UPDATE", message="a signed slip never changes", when=changed(*SLIP)),
        Refuse("issues_slipevent", "UPDATE", "DELETE", message="slip history is append-only"),
        Refuse("issues_inspection", "DELETE", message="an inspection stays"),
        Refuse("issues_inspection", "UPDATE", message="an inspection stays as it was recorded", when=INSPECTED),
        Refuse("issues_inspection_units", "UPDATE", "DELETE", message="an inspection stays as it was recorded"),
        Refuse("issues_enquiry", "DELETE", message="an enquiry stays"),
        Refuse("issues_enquiry", "UPDATE", message="an enquiry stays as it was sent", when=changed(*ENQUIRY)),
        Refuse("issues_enquiryreply", "DELETE", message="an answer never changes"),
        Refuse("issues_enquiryreply", "UPDATE", message="an answer never changes", when=REPLIED),
        Refuse("issues_enquiryevent", "UPDATE", "DELETE", message="enquiry history is append-only"),
        Refuse("issues_lookbackdraw", "UPDATE", "DELETE", message="a draw never changes"),
        Refuse("issues_lookbackticket", "UPDATE", "DELETE", message="a draw never changes"),
        Refuse("issues_lookback", "INSERT", message=WORDS, when=signed_walk("NEW")),
        Refuse("issues_lookback", "DELETE", message=WORDS, when=signed_walk("OLD")),
        Refuse("issues_lookback", "UPDATE", message=WORDS, when=f"{signed_walk('OLD')} AND {changed(*JUDGED)}"),
        Refuse("issues_chase", "UPDATE", "DELETE", message="a chase never changes"),
        Refuse("issues_extension", "DELETE", message=ASKED_WORDS),
        Refuse("issues_extension", "UPDATE", message=ASKED_WORDS, when=f"OLD.state <> 'asked' OR {changed(*ASKED)}"),
        # Of a walk that nobody signed, with the import that brought both in.
        Refuse(
            "issues_issue",
            "DELETE",
            message=WORDS,
            when=f"{signed_walk('OLD')} AND (SELECT signed_at FROM walks_walk WHERE id = OLD.walk_id) IS NOT NULL",
        ),
        Refuse("issues_issueround", "UPDATE", message="a round that ended never changes"),
        Refuse("issues_issueround", "DELETE", message="a round that ended never changes", when=WORKED_ON),
        # Foreign keys are checked at the end of the transaction: a row deleted and written anew would pass them.
        Refuse("evidence_storedfile", "DELETE", message="a proof never changes", when=LINKED),
        # Of an archived campaign the issues go on; a new one comes of an enquiry (举一反三) alone.
        RefuseArchived("issues_issue", "INSERT", unless="{row}.source = 'similar'"),
        RefuseArchived("issues_inspection"),
    ]
