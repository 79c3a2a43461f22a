from django.db import migrations

from core.triggers import Refuse


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        Refuse("core_auditentry", "UPDATE", "DELETE", message="audit entries are append-only"),
    ]
