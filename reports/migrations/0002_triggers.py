from django.db import migrations

from core.triggers import Refuse, changed

# What was sent stands until the submission is back with the unit; the first day of sending stands for good.
SENT = f"OLD.state NOT IN ('to_send', 'returned') AND {changed('data', 'digest', 'content', 'zero_reason')}"
JUDGED = f"OLD.first_sent_at IS NOT NULL AND {changed('first_sent_at', 'due_on')}"


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
        Refuse("reports_submissionevent", "UPDATE", "DELETE", message="submission history is append-only"),
    ]
