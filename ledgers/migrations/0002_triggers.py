from django.db import migrations

from core.triggers import Refuse, RefuseArchived, changed

KEPT = "the log of imports is kept"
BATCH = ("campaign_id", "kind", "file", "mapping", "digest", "counts", "actor_id", "at")
ROW = ("batch_id", "number", "name", "fingerprint", "content", "outcome", "before", "other_columns")


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0001_initial")]

    operations = [
        Refuse("ledgers_importbatch", "DELETE", message=KEPT),
        # What is told of it changes once: when it is taken back.
        Refuse("ledgers_importbatch", "UPDATE", message=KEPT, when=f"{changed(*BATCH)} OR OLD.undone_at IS NOT NULL"),
        Refuse("ledgers_importedrow", "DELETE", message=KEPT),
        Refuse("ledgers_importedrow", "UPDATE", message=KEPT, when=changed(*ROW)),
        RefuseArchived("ledgers_importbatch", "INSERT", "UPDATE"),
    ]
