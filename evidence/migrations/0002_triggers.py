from django.db import migrations

from core.triggers import Refuse, changed

UPLOADED = (
    "id", "kind", "original_name", "content_type", "size", "sha256", "width", "height", "taken_at", "uploaded_by_id",
    "uploaded_at", "look", "served_name", "thumb_name", "source_name",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]

    operations = [
        # Name, kind, size and digest are those of the upload; what no record shows is deleted whole (``discard``). That
        # the original was erased is said once.
        Refuse(
            "evidence_storedfile",
            "UPDATE",
            message="a stored file never changes",
            when=f"{changed(*UPLOADED)} OR OLD.source_erased_at IS NOT NULL",
        ),
    ]
