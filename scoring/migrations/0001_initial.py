import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_three_admins'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('campaigns', '0002_triggers'),
    ]

    operations = [
        migrations.CreateModel(
            name='ScoreNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=10, verbose_name='期间')),
                ('point', models.CharField(max_length=40, verbose_name='评分项')),
                ('text', models.CharField(max_length=500, verbose_name='情况')),
                ('amount', models.PositiveSmallIntegerField(default=0, verbose_name='分值（十分之一分）')),
                ('state', models.CharField(choices=[('open', '待办理'), ('agreed', '已采纳'), ('refused', '未采纳'), ('taken_back', '已撤回')], default='open', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='答复')),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['campaign', 'period', 'department'], name='score_note_period')],
            },
        ),
        migrations.CreateModel(
            name='ScoreObjection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=10, verbose_name='期间')),
                ('point', models.CharField(max_length=40, verbose_name='评分项')),
                ('text', models.CharField(max_length=500, verbose_name='情况')),
                ('amount', models.PositiveSmallIntegerField(default=0, verbose_name='分值（十分之一分）')),
                ('state', models.CharField(choices=[('open', '待办理'), ('agreed', '已采纳'), ('refused', '未采纳'), ('taken_back', '已撤回')], default='open', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='答复')),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['campaign', 'period', 'department'], name='score_objection_period')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('campaign', 'period', 'department', 'point'), name='one_open_objection')],
            },
        ),
        migrations.CreateModel(
            name='ScoreSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=10, verbose_name='期间')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版次')),
                ('data', models.JSONField()),
                ('receivers', models.JSONField(default=dict)),
                ('as_of', models.DateField(verbose_name='统计日')),
                ('digest', models.CharField(max_length=64)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='更正原因')),
                ('frozen_at', models.DateTimeField(verbose_name='确定时间')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='score_sheets', to='campaigns.campaign')),
                ('frozen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rules', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.ruleversion')),
            ],
            options={
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'period', 'version'), name='score_sheet_version')],
            },
        ),
    ]
