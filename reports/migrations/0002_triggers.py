from django.db import migrations

from core.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        migrations.RunPython(*refuse("reports_publication", "UPDATE", "DELETE", message="a publication is frozen")),
        migrations.RunPython(*refuse("reports_publishedfile", "UPDATE", "DELETE", message="a publication is frozen")),
        migrations.RunPython(*refuse("reports_papertext", "UPDATE", "DELETE", message="a version of a text is kept")),
        migrations.RunPython(*refuse("reports_owntemplate", "UPDATE", "DELETE", message="a version of a form is kept")),
        migrations.RunPython(*refuse(
                "reports_summary",
                "UPDATE",
                "DELETE",
                message="a published summary is frozen",
                when="OLD.state = 'published'",
            )),
    ]
