from django.db import migrations

from core.triggers import Refuse


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        Refuse("plans_planevent", "UPDATE", "DELETE", message="history is append-only"),
    ]
