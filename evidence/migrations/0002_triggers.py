from django.db import migrations

from core.triggers import Refuse


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]

    operations = [
        # Name, kind, size and digest are those of the upload; what no record shows is deleted whole (``discard``).
        Refuse("evidence_storedfile", "UPDATE", message="a stored file never changes"),
    ]
