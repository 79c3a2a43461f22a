import datetime
import django.db.models.deletion
import django.utils.timezone
import django.db.models.functions.comparison
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('campaigns', '0001_initial'),
        ('catalogue', '0001_initial'),
        ('evidence', '0001_initial'),
        ('walks', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=40, null=True, unique=True, verbose_name='问题编号')),
                ('state', models.CharField(choices=[('draft', '草稿'), ('registered', '已登记'), ('assigned', '待签收'), ('disputed', '退单待裁'), ('planning', '待定措施'), ('rectifying', '整改中'), ('deferred', '长期挂账'), ('referred', '已转上级'), ('closing', '待验收'), ('closed', '已销号'), ('verified', '回头看通过'), ('merged', '并案'), ('dismissed', '不予采纳')], default='draft', max_length=12, verbose_name='状态')),
                ('version', models.PositiveIntegerField(default=1)),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='轮次')),
                ('rebounds', models.PositiveSmallIntegerField(default=0, verbose_name='反弹次数')),
                ('disputes', models.PositiveSmallIntegerField(default=0, verbose_name='退单次数')),
                ('description', models.TextField(max_length=2000, verbose_name='存在问题')),
                ('stage', models.CharField(blank=True, max_length=10, verbose_name='环节')),
                ('category', models.CharField(blank=True, max_length=40, verbose_name='分类')),
                ('source', models.CharField(choices=[('walk', '走流程'), ('window', '坐窗口'), ('enforcement', '跟执法'), ('complaint', '处投诉'), ('check', '业务检查'), ('callback', '服务回访'), ('meeting', '座谈交流'), ('file_review', '案卷评查'), ('role_swap', '换位体验'), ('comparison', '对照检查'), ('feedback', '群众反馈'), ('hotline', '12345热线'), ('rating', '好差评'), ('desk', '“办不成事”窗口'), ('survey', '调查问卷'), ('website', '网站征集'), ('deputies', '人大代表、政协委员'), ('visit', '明查暗访'), ('media', '媒体'), ('other', '其他')], default='walk', max_length=12, verbose_name='来源')),
                ('track', models.CharField(blank=True, choices=[('on_spot', '立行立改'), ('limited', '限期整改'), ('long_term', '长期坚持')], max_length=10, verbose_name='整改类型')),
                ('found_on', models.DateField(verbose_name='发现日期')),
                ('period', models.CharField(max_length=10)),
                ('assigned_on', models.DateField(null=True, verbose_name='交办日期')),
                ('due_on', models.DateField(null=True, verbose_name='整改时限')),
                ('first_due_on', models.DateField(null=True, verbose_name='首次时限')),
                ('due_set_on', models.DateField(null=True)),
                ('due_provisional', models.BooleanField(default=False, verbose_name='暂定')),
                ('due_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(models.F('due_on'), models.Value(datetime.date(9999, 12, 31))), output_field=models.DateField())),
                ('open_key', models.GeneratedField(db_persist=True, expression=models.Case(models.When(state__in=('registered', 'assigned', 'disputed', 'planning', 'rectifying', 'deferred', 'referred', 'closing'), then=models.Value(1)), default=models.Value(0)), output_field=models.SmallIntegerField())),
                ('proposed_name', models.CharField(blank=True, max_length=80, verbose_name='涉及单位')),
                ('responsible_name', models.CharField(blank=True, max_length=60, verbose_name='责任人')),
                ('contact_phone', models.CharField(blank=True, max_length=20, verbose_name='联系电话')),
                ('progress', models.CharField(blank=True, max_length=1000, verbose_name='整改进展')),
                ('result', models.CharField(blank=True, max_length=1000, verbose_name='整改结果')),
                ('due_proposed_on', models.DateField(null=True, verbose_name='待确认的时限')),
                ('closing_requested_on', models.DateField(null=True)),
                ('closed_on', models.DateField(null=True, verbose_name='完成日期')),
                ('look_back_note', models.CharField(blank=True, max_length=500, verbose_name='回头看情况')),
                ('review_on', models.DateField(null=True, verbose_name='复核日期')),
                ('clock_stopped_on', models.DateField(null=True)),
                ('referred_to', models.CharField(blank=True, max_length=80, verbose_name='转送单位')),
                ('dismissal_reason', models.CharField(blank=True, max_length=500)),
                ('remark', models.CharField(blank=True, max_length=500, verbose_name='备注')),
                ('search_text', models.TextField(blank=True, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='campaigns.campaign')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closing_requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cooperating', models.ManyToManyField(blank=True, related_name='issues_helped', to='accounts.department')),
                ('discovering_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues_found', to='accounts.department')),
                ('due_proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dismissal_proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='catalogue.serviceitem')),
                ('lead_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues_led', to='accounts.department')),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='issues.issue')),
                ('proposed_department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.region')),
                ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('responsible_department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='accounts.department')),
                ('responsible_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='issues_owned', to=settings.AUTH_USER_MODEL)),
                ('step', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='issues', to='walks.step')),
                ('walk', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='walks.walk')),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='IssueEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=24)),
                ('at', models.DateTimeField()),
                ('from_state', models.CharField(blank=True, max_length=12)),
                ('to_state', models.CharField(blank=True, max_length=12)),
                ('version', models.PositiveIntegerField()),
                ('due_on', models.DateField(null=True)),
                ('closing_requested_on', models.DateField(null=True)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('track', models.CharField(blank=True, max_length=10)),
                ('responsible_name', models.CharField(blank=True, max_length=60)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('data', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='issues.issue')),
                ('responsible_department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
            ],
            options={
                'ordering': ['issue_id', 'at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='IssueEvidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='撤回时间')),
                ('withdrawn_reason', models.CharField(blank=True, max_length=200, verbose_name='撤回原因')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(choices=[('found', '发现时'), ('proof', '佐证'), ('before', '整改前'), ('after', '整改后')], max_length=8)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='issue_link', to='evidence.storedfile')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='issues.issue')),
            ],
            options={
                'ordering': ['issue_id', 'round', 'id'],
            },
        ),
        migrations.CreateModel(
            name='IssueRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('due_on', models.DateField(null=True)),
                ('result', models.CharField(blank=True, max_length=1000)),
                ('requested_on', models.DateField(null=True)),
                ('closed_on', models.DateField(null=True)),
                ('finding', models.CharField(max_length=500, verbose_name='回头看情况')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rounds', to='issues.issue')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['issue_id', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('order', models.PositiveSmallIntegerField(default=1)),
                ('text', models.CharField(max_length=500, verbose_name='整改措施')),
                ('reduction', models.CharField(blank=True, choices=[('steps', '减环节（个）'), ('days', '减时间（工作日）'), ('documents', '减材料（份）'), ('trips', '减跑动（次）')], max_length=10, verbose_name='压减类型')),
                ('before', models.PositiveIntegerField(blank=True, null=True, verbose_name='压减前')),
                ('after', models.PositiveIntegerField(blank=True, null=True, verbose_name='压减后')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='issues.issue')),
            ],
            options={
                'ordering': ['issue_id', 'round', 'order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('subject', models.CharField(choices=[('firm', '企业'), ('citizen', '群众'), ('unit', '本单位')], max_length=8, verbose_name='需求主体')),
                ('content', models.CharField(max_length=500, verbose_name='需求内容')),
                ('state', models.CharField(choices=[('noted', '待体验报送'), ('unanswered', '待回应'), ('replied', '已回应')], default='noted', max_length=10, verbose_name='状态')),
                ('version', models.PositiveIntegerField(default=1)),
                ('reply_by', models.DateField(null=True, verbose_name='拟回应时间')),
                ('first_reply_by', models.DateField(null=True, verbose_name='首次拟回应时间')),
                ('reply', models.CharField(blank=True, max_length=1000, verbose_name='回应情况')),
                ('replied_on', models.DateField(null=True, verbose_name='回应日期')),
                ('return_reason', models.CharField(blank=True, max_length=500, verbose_name='退回原因')),
                ('changed_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='campaigns.campaign')),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='accounts.department')),
                ('walk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='walks.walk')),
            ],
            options={
                'ordering': ['walk_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='NeedEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='issues.need')),
            ],
            options={
                'ordering': ['need_id', 'at', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='need',
            index=models.Index(fields=['state', 'reply_by', 'id'], name='need_state'),
        ),
        migrations.AddIndex(
            model_name='need',
            index=models.Index(fields=['department', 'state', 'reply_by', 'id'], name='need_unit_state'),
        ),
        migrations.AddIndex(
            model_name='need',
            index=models.Index(fields=['campaign', 'state', 'reply_by', 'id'], name='need_campaign_state'),
        ),
        migrations.AddIndex(
            model_name='need',
            index=models.Index(fields=['subject', 'id'], name='need_subject'),
        ),
        migrations.AddIndex(
            model_name='needevent',
            index=models.Index(fields=['need', 'at', 'id'], name='need_event_order'),
        ),
        migrations.CreateModel(
            name='NumberSequence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('next_value', models.PositiveIntegerField(default=1)),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='number_sequence', to='campaigns.campaign')),
            ],
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['state', 'due_key', 'id'], name='issue_state_due'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['responsible_department', 'state', 'category', 'due_key', 'id'], name='issue_unit_state'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['campaign', 'period', 'discovering_department', 'state'], name='issue_period_unit'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['region', 'number'], name='issue_region_number'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['region', 'due_key', 'id'], name='issue_region_due'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['region', 'found_on', 'id'], name='issue_region_found'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['region', 'state', 'due_key', 'id'], name='issue_region_state'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['region', 'updated_at', 'id'], name='issue_region_updated'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['region', 'open_key', 'due_key', 'id'], name='issue_region_open'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['open_key', 'due_key', 'id'], name='issue_open'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['due_key', 'id'], name='issue_due'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['found_on', 'id'], name='issue_found'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['updated_at', 'id'], name='issue_updated'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['lead_department', 'state', 'due_key', 'id'], name='issue_lead_state'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['discovering_department', 'state', 'number'], name='issue_found_by'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['source', 'id'], name='issue_source'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['category', 'id'], name='issue_category'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(condition=models.Q(('state__in', ('registered', 'assigned', 'disputed', 'planning', 'rectifying', 'closing'))), fields=['due_on', 'id'], name='issue_clock'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', None), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('number__isnull', False)), _connector='OR'), name='issue_number_from_registering'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.CheckConstraint(condition=models.Q(('due_on', None), ('first_due_on__isnull', False), _connector='OR'), name='issue_first_due_kept'),
        ),
        migrations.AddIndex(
            model_name='issueevent',
            index=models.Index(fields=['issue', 'at', 'id'], name='issue_event_order'),
        ),
        migrations.AddIndex(
            model_name='issueevent',
            index=models.Index(fields=['kind', 'at'], name='issue_event_kind'),
        ),
        migrations.AddConstraint(
            model_name='issueround',
            constraint=models.UniqueConstraint(fields=('issue', 'number'), name='issue_round_once'),
        ),
        migrations.AddIndex(
            model_name='measure',
            index=models.Index(fields=['issue', 'round', 'order'], name='measure_order'),
        ),
    ]
