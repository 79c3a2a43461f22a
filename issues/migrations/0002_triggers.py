from django.db import migrations

from core.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("issues", "0001_initial")]

    operations = [
        migrations.RunPython(*refuse("issues_issueevent", "UPDATE", "DELETE", message="issue history is append-only")),
    ]
