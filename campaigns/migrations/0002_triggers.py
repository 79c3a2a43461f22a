from django.db import migrations

from core.triggers import Refuse

ISSUED_MONTH = "(SELECT state FROM campaigns_hotlinemonth WHERE id = OLD.month_id) = 'issued'"


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
    ]
