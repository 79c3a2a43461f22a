import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('catalogue', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='代码')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('template', models.CharField(max_length=40)),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='发文字号')),
                ('document_dated_on', models.DateField(null=True, verbose_name='成文日期')),
                ('letterhead', models.CharField(blank=True, max_length=30, verbose_name='发文机关标志')),
                ('state', models.CharField(choices=[('draft', '起草'), ('issued', '已印发'), ('running', '实施中'), ('summarised', '已总结'), ('archived', '已归档')], default='draft', max_length=12)),
                ('starts_on', models.DateField(verbose_name='开始日期')),
                ('ends_on', models.DateField(verbose_name='结束日期')),
                ('is_demo', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('issued_at', models.DateTimeField(null=True, verbose_name='印发时间')),
                ('left_open', models.JSONField(default=list, verbose_name='总结时尚未完成')),
                ('summarised_at', models.DateTimeField(null=True, verbose_name='总结时间')),
                ('archived_at', models.DateTimeField(null=True, verbose_name='归档时间')),
                ('archived_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('follows', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='campaigns.campaign')),
                ('summarised_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns_run', to='accounts.department')),
                ('publisher', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='accounts.region')),
            ],
            options={
                'ordering': ['-starts_on', 'id'],
                'indexes': [models.Index(fields=['region', 'state'], name='campaign_region_state')],
            },
        ),
        migrations.CreateModel(
            name='HotlineMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.CharField(max_length=7, verbose_name='统计月份')),
                ('duty_month', models.CharField(max_length=7, verbose_name='跟单月份')),
                ('state', models.CharField(choices=[('draft', '未印发'), ('issued', '已印发')], default='draft', max_length=10)),
                ('cut', models.PositiveSmallIntegerField(null=True, verbose_name='列入单位数')),
                ('file_name', models.CharField(blank=True, max_length=200)),
                ('changed_at', models.DateTimeField(null=True)),
                ('issued_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hotline_months', to='campaigns.campaign')),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
            ],
            options={
                'ordering': ['campaign_id', '-month'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'month'), name='hotline_month_once')],
            },
        ),
        migrations.CreateModel(
            name='HotlineRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tickets', models.PositiveIntegerField(verbose_name='工单数')),
                ('types', models.CharField(blank=True, max_length=200, verbose_name='问题类型')),
                ('field', models.CharField(blank=True, max_length=100, verbose_name='所属领域')),
                ('is_listed', models.BooleanField(default=False, verbose_name='跟单处理单位')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hotline_rows', to='accounts.department')),
                ('month', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='campaigns.hotlinemonth')),
            ],
            options={
                'ordering': ['month_id', '-tickets', 'department__order', 'id'],
                'constraints': [models.UniqueConstraint(fields=('month', 'department'), name='hotline_row_once')],
            },
        ),
        migrations.CreateModel(
            name='PoolItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provenance', models.CharField(choices=[('leader', '领导点题'), ('unit', '部门申报'), ('public', '企业群众征集'), ('hotline', '12345热线')], max_length=10, verbose_name='来源')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pool', to='campaigns.campaign')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pools', to='catalogue.serviceitem')),
            ],
            options={
                'ordering': ['campaign_id', 'item__department__order', 'item__order', 'id'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'item'), name='pool_item_once')],
            },
        ),
        migrations.CreateModel(
            name='Receiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('activity_kind', models.CharField(choices=[('process_walkthrough', '走流程'), ('window_duty', '坐窗口'), ('enforcement_ride_along', '跟执法'), ('complaint_handling', '处投诉')], max_length=30)),
                ('unit_kind', models.CharField(blank=True, choices=[('county', '县级部门'), ('district', '县（市）区'), ('town', '镇街'), ('utility', '公共服务企业'), ('office', '统筹机构'), ('other', '其他')], max_length=10)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('since', models.DateField(null=True, verbose_name='自何日起')),
                ('until', models.DateField(null=True, verbose_name='至何日止（不含）')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='调整原因')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='receivers', to='campaigns.campaign')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receives', to='accounts.department')),
                ('then', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
            ],
            options={
                'ordering': ['campaign_id', 'activity_kind', 'unit_kind', 'order', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('campaign', 'activity_kind', 'unit_kind', 'department'), name='receiver_once'), models.UniqueConstraint(condition=models.Q(('order', 0), ('until', None)), fields=('campaign', 'activity_kind', 'unit_kind'), name='one_lead_per_route')],
            },
        ),
        migrations.CreateModel(
            name='RosterEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField()),
                ('joined_on', models.DateField(null=True, verbose_name='加入日期')),
                ('left_on', models.DateField(null=True, verbose_name='退出日期')),
                ('away', models.JSONField(default=list, verbose_name='曾退出期间')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roster', to='campaigns.campaign')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roster_entries', to='accounts.department')),
            ],
            options={
                'ordering': ['campaign_id', 'order', 'id'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'department'), name='roster_unit_once')],
            },
        ),
        migrations.CreateModel(
            name='RuleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('data', models.JSONField()),
                ('effective_on', models.DateField(verbose_name='生效日期')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='调整原因')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('issued_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rule_versions', to='campaigns.campaign')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['campaign_id', '-number'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'number'), name='rule_version_number')],
            },
        ),
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('plan', '报计划'), ('walk', '完成体验'), ('report', '报送资料'), ('summary', '牵头汇总')], max_length=10)),
                ('period', models.CharField(max_length=10)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('due_on', models.DateField(verbose_name='截止日期')),
                ('first_due_on', models.DateField(verbose_name='首次公布日期')),
                ('is_provisional', models.BooleanField(default=False, verbose_name='暂定')),
                ('proposed_on', models.DateField(null=True, verbose_name='待批准的新日期')),
                ('kept_on', models.DateField(null=True)),
                ('answer', models.CharField(blank=True, choices=[('approve', '已批准提前'), ('keep', '已维持原期限')], max_length=8, verbose_name='答复')),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deadlines', to='campaigns.campaign')),
                ('rules', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.ruleversion')),
            ],
            options={
                'ordering': ['campaign_id', 'due_on', 'id'],
                'indexes': [models.Index(fields=['campaign', 'due_on', 'id'], name='deadline_order')],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'kind', 'period'), name='deadline_once')],
            },
        ),
        migrations.CreateModel(
            name='HeadMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('ledger', '问题整改台账'), ('walks', '走流程情况登记表'), ('hotline', '热线工单数')], max_length=8)),
                ('head', models.CharField(max_length=64)),
                ('mapping', models.JSONField()),
                ('said_at', models.DateTimeField()),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.department')),
                ('said_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('office', 'kind', 'head'), name='one_mapping_per_head')],
            },
        ),
    ]
