from django.db import migrations

from core.triggers import Refuse, changed

SIGNED = "('signed', 'reported', 'accepted')"
WORDS = "what was signed never changes"
# A problem as it was met. Nothing corrects these after the signature; state, class and the unit in charge move on.
PROBLEM = (
    "walk_id", "step_id", "description", "stage", "proposed_department_id", "proposed_name", "found_on", "item_id",
    "discovering_department_id", "source", "period", "campaign_id", "region_id", "reported_by_id",
)  # fmt: skip
# The records that show a stored file as a proof.
LINKS = ("walks_stepphoto", "walks_stampedpage", "issues_issueevidence")
LINKED = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE file_id = OLD.id)" for table in LINKS)
# An import is taken back whole as long as nobody has worked on what it brought in; what was worked on has an event of
# another kind, and its history stays.
WORKED_ON = "EXISTS (SELECT 1 FROM issues_issueevent other WHERE other.issue_id = OLD.issue_id AND other.kind <> 'import')"
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
    ]
