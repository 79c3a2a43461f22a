from django.db import migrations

from core.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("walks", "0001_initial")]

    operations = [
        migrations.RunPython(*refuse("walks_walkevent", "UPDATE", "DELETE", message="history is append-only")),
        migrations.RunPython(*refuse("walks_draw", "UPDATE", "DELETE", message="a draw is never taken back")),
    ]
