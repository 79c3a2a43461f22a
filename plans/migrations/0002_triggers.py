from django.db import migrations

from core.triggers import Refuse, RefuseArchived


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        Refuse("plans_planevent", "UPDATE", "DELETE", message="history is append-only"),
        RefuseArchived("plans_plan"),
        RefuseArchived("plans_planrow", path="(SELECT campaign_id FROM plans_plan WHERE id = {row}.plan_id)"),
    ]
