from django.db import migrations

from core.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        migrations.RunPython(*refuse("plans_planevent", "UPDATE", "DELETE", message="history is append-only")),
    ]
