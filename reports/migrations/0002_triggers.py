from django.db import migrations

from core.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        migrations.RunPython(*refuse("reports_scoresheet", "UPDATE", "DELETE", message="a settled score is frozen")),
        migrations.RunPython(*refuse("reports_publication", "UPDATE", "DELETE", message="a publication is frozen")),
        migrations.RunPython(*refuse("reports_publishedfile", "UPDATE", "DELETE", message="a publication is frozen")),
        migrations.RunPython(*refuse(
                "reports_summary",
                "UPDATE",
                "DELETE",
                message="a published summary is frozen",
                when="OLD.state = 'published'",
            )),
    ]
