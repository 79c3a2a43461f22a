from django.db import migrations

from core.triggers import changed, refuse

SIGNED = "('signed', 'reported', 'accepted')"
WORDS = "what was signed never changes"


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
        migrations.RunPython(*refuse("issues_issueevent", "UPDATE", "DELETE", message="issue history is append-only")),
        migrations.RunPython(*refuse("issues_needevent", "UPDATE", "DELETE", message="need history is append-only")),
        migrations.RunPython(*refuse("issues_need", "INSERT", message=WORDS, when=signed_walk("NEW"))),
        migrations.RunPython(*refuse("issues_need", "DELETE", message=WORDS, when=signed_walk("OLD"))),
        migrations.RunPython(
            *refuse(
                "issues_need", "UPDATE", message=WORDS, when=f"{signed_walk('OLD')} AND {changed('subject', 'content')}"
            )
        ),
        migrations.RunPython(
            *refuse(
                "issues_issue",
                "UPDATE",
                message=WORDS,
                when=f"({signed_walk('OLD')} OR {signed_walk('NEW')})"
                f" AND {changed('walk_id', 'step_id', 'description', 'stage', 'proposed_department_id', 'proposed_name')}",
            )
        ),
        migrations.RunPython(*refuse("issues_issueevidence", "INSERT", message=WORDS, when=found_photo("NEW"))),
        migrations.RunPython(
            *refuse("issues_issueevidence", "UPDATE", "DELETE", message=WORDS, when=found_photo("OLD"))
        ),
        migrations.RunPython(*refuse("issues_issue", "DELETE", message=WORDS, when=signed_walk("OLD"))),
    ]
