from django.db import migrations

from core.triggers import Refuse, RefuseArchived

ISSUED_MONTH = "(SELECT state FROM campaigns_hotlinemonth WHERE id = OLD.month_id) = 'issued'"

OF_MONTH = "(SELECT campaign_id FROM campaigns_hotlinemonth WHERE id = {row}.month_id)"


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [
        Refuse(
            "campaigns_ruleversion",
            "UPDATE",
            "DELETE",
            message="issued rules never change",
            when="OLD.issued_at IS NOT NULL",
        ),
        Refuse(
            "campaigns_hotlinemonth",
            "UPDATE",
            "DELETE",
            message="an issued list never changes",
            when="OLD.state = 'issued'",
        ),
        Refuse("campaigns_hotlinerow", "UPDATE", "DELETE", message="an issued list never changes", when=ISSUED_MONTH),
        Refuse(
            "campaigns_hotlinerow",
            "INSERT",
            message="an issued list never changes",
            when=ISSUED_MONTH.replace("OLD", "NEW"),
        ),
        RefuseArchived("campaigns_campaign", "UPDATE", "DELETE", path="{row}.id"),
        RefuseArchived("campaigns_ruleversion"),
        RefuseArchived("campaigns_rosterentry"),
        RefuseArchived("campaigns_receiver"),
        RefuseArchived("campaigns_deadline"),
        RefuseArchived("campaigns_poolitem"),
        RefuseArchived("campaigns_hotlinemonth"),
        RefuseArchived("campaigns_hotlinerow", path=OF_MONTH),
    ]
