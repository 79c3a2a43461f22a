import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('campaigns', '0001_initial'),
        ('catalogue', '0001_initial'),
        ('walks', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=10)),
                ('state', models.CharField(choices=[('draft', '起草'), ('submitted', '已报送'), ('filed', '已备案'), ('returned', '退回修改'), ('superseded', '已调整'), ('discarded', '已放弃')], default='draft', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='第几稿')),
                ('due_on', models.DateField(null=True, verbose_name='应报日期')),
                ('submitted_on', models.DateField(null=True, verbose_name='报送日期')),
                ('filed_on', models.DateField(null=True, verbose_name='备案日期')),
                ('return_reason', models.CharField(blank=True, max_length=500, verbose_name='退回原因')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='campaigns.campaign')),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='accounts.department')),
                ('filed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans_received', to='accounts.department')),
                ('rules', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.ruleversion')),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['campaign_id', 'period', 'department__order', 'id'],
                'indexes': [models.Index(fields=['department', 'state', 'id'], name='plan_unit_state'), models.Index(fields=['receiver', 'state', 'id'], name='plan_receiver_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'filed')), fields=('campaign', 'period', 'department'), name='one_plan_in_force'), models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned'])), fields=('campaign', 'period', 'department'), name='one_plan_in_writing')],
            },
        ),
        migrations.CreateModel(
            name='PlanEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=500)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='plans.plan')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PlanRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('activity_kind', models.CharField(choices=[('process_walkthrough', '走流程'), ('window_duty', '坐窗口'), ('enforcement_ride_along', '跟执法'), ('complaint_handling', '处投诉')], max_length=30, verbose_name='活动类型')),
                ('mode', models.CharField(choices=[('in_person', '亲身办'), ('on_behalf', '代理办'), ('accompany', '陪同办'), ('online', '线上办')], max_length=12, verbose_name='体验形式')),
                ('delegation_reason', models.CharField(blank=True, choices=[('many_items', '事项较多'), ('long_span', '时间跨度较大')], max_length=12, verbose_name='委托理由')),
                ('planned_on', models.DateField(null=True, verbose_name='计划时间')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='体验地点或渠道')),
                ('companions', models.JSONField(default=dict, verbose_name='陪同人员')),
                ('questions', models.CharField(blank=True, max_length=500, verbose_name='拟关注问题')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='备注')),
                ('noticed_at', models.DateTimeField(null=True, verbose_name='报备时间')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.serviceitem')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='plans.plan')),
                ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='copies', to='plans.planrow')),
                ('walk', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='plan_row', to='walks.walk')),
                ('walker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='walks_planned', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['plan_id', 'order', 'id'],
                'indexes': [models.Index(fields=['walker', 'planned_on', 'id'], name='plan_row_walker')],
            },
        ),
    ]
