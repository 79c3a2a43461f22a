from django.db import migrations

from core.triggers import Refuse


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]

    operations = [
        Refuse("scoring_scoresheet", "UPDATE", "DELETE", message="a settled score is frozen"),
    ]
