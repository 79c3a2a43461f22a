import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('campaigns', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Summary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=10, verbose_name='期间')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版本')),
                ('state', models.CharField(choices=[('collecting', '收集中'), ('compiled', '已汇总'), ('locked', '已锁定'), ('published', '已印发')], default='compiled', max_length=12)),
                ('data', models.JSONField()),
                ('as_of', models.DateField(verbose_name='统计日')),
                ('digest', models.CharField(max_length=64)),
                ('compiled_at', models.DateTimeField(verbose_name='汇总时间')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='summaries', to='campaigns.campaign')),
                ('compiled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-period', '-version'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'period', 'version'), name='summary_version')],
            },
        ),
    ]
