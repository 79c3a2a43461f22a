from django.db import migrations

from core.triggers import Refuse, RefuseArchived


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]

    operations = [
        Refuse("scoring_scoresheet", "UPDATE", "DELETE", message="a settled score is frozen"),
        RefuseArchived("scoring_scoreobjection"),
        RefuseArchived("scoring_scorenote"),
        RefuseArchived("scoring_scoresheet", "INSERT"),
    ]
