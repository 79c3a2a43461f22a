from django.db import migrations

from core.triggers import Refuse


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0001_initial")]

    operations = [
        Refuse("ledgers_importbatch", "DELETE", message="the log of imports is kept"),
        Refuse("ledgers_importedrow", "DELETE", message="the log of imports is kept"),
    ]
