from django.db import migrations

from core.triggers import Refuse, RefuseArchived, changed

# What was sent stands until the submission is back with the unit; the first day of sending stands for good.
SENT = f"OLD.state NOT IN ('to_send', 'returned') AND {changed('data', 'digest', 'content', 'zero_reason')}"
JUDGED = f"OLD.first_sent_at IS NOT NULL AND {changed('first_sent_at', 'due_on')}"
# A public sheet: what it was asked for with stands from the start, what went out from the release on. From asked it is
# released or declined, from released it is revoked, and then it has ended.
ASKED = changed("public_id", "publication_id", "content", "asked_by_id", "asked_at")
OUT = changed("page", "workbook", "workbook_name", "digest", "released_by_id", "released_at")
ENDED = "OLD.state IN ('declined', 'revoked')"
PUBLIC = f"{ASKED} OR (OLD.state <> 'asked' AND {OUT}) OR {ENDED}"
PUBLIC += " OR (OLD.state = 'asked' AND NEW.state NOT IN ('released', 'declined'))"
PUBLIC += " OR (OLD.state = 'released' AND NEW.state <> 'revoked')"
PLACE = changed("sheet_id", "medium", "name", "published_on", "link", "recorded_by_id", "recorded_at")

OF_PUBLICATION = "(SELECT campaign_id FROM reports_publication WHERE id = {row}.publication_id)"
OF_SHEET = (
    "(SELECT publication.campaign_id FROM reports_publication publication JOIN reports_publicsheet sheet"
    " ON sheet.publication_id = publication.id WHERE sheet.id = {row}.sheet_id)"
)
# Of what is released only the revoking is left (above).
REVOKED = "{row}.state = 'released'"


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        Refuse("reports_publication", "UPDATE", "DELETE", message="a publication is frozen"),
        Refuse("reports_publishedfile", "UPDATE", "DELETE", message="a publication is frozen"),
        Refuse("reports_papertext", "UPDATE", "DELETE", message="a version of a text is kept"),
        Refuse("reports_owntemplate", "UPDATE", "DELETE", message="a version of a form is kept"),
        Refuse(
            "reports_summary",
            "UPDATE",
            "DELETE",
            message="a published summary is frozen",
            when="OLD.state = 'published'",
        ),
        Refuse("reports_submission", "UPDATE", message="what was sent never changes", when=f"({SENT}) OR ({JUDGED})"),
        Refuse("reports_submission", "DELETE", message="a submission is never deleted"),
        Refuse("reports_submittedpaper", "UPDATE", "DELETE", message="what was sent never changes"),
        Refuse("reports_publicsheet", "UPDATE", message="what is public never changes", when=PUBLIC),
        Refuse("reports_publicsheet", "DELETE", message="a public sheet is never deleted"),
        Refuse("reports_publicpicture", "UPDATE", "DELETE", message="what is public never changes"),
        Refuse("reports_publicplace", "UPDATE", message="a place is kept", when=f"OLD.struck_at IS NOT NULL OR {PLACE}"),
        Refuse("reports_publicplace", "DELETE", message="a place is kept"),
        Refuse("reports_submissionevent", "UPDATE", "DELETE", message="submission history is append-only"),
        RefuseArchived("reports_summary", "INSERT"),
        RefuseArchived("reports_publication", "INSERT"),
        RefuseArchived("reports_submission"),
        RefuseArchived("reports_papertext", "INSERT"),
        RefuseArchived("reports_owntemplate", "INSERT"),
        RefuseArchived("reports_templateuse"),
        # What is public can still be revoked.
        RefuseArchived("reports_publicsheet", path=OF_PUBLICATION, unless=REVOKED),
        RefuseArchived("reports_publicplace", path=OF_SHEET),
    ]
