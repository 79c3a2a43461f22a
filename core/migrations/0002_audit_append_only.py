from django.db import migrations

from core.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunPython(*refuse("core_auditentry", "UPDATE", "DELETE", message="audit entries are append-only")),
    ]
