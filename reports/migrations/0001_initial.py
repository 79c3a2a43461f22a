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
            name='Summary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=10, verbose_name='期间')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版本')),
                ('state', models.CharField(choices=[('compiled', '已汇总'), ('published', '已印发')], default='compiled', max_length=12)),
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
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=10, verbose_name='期间')),
                ('version', models.PositiveSmallIntegerField(verbose_name='印发版次')),
                ('rows', models.JSONField()),
                ('names', models.JSONField(default=dict)),
                ('public', models.JSONField(default=dict, verbose_name='可公开的内容')),
                ('changed_earlier', models.JSONField(default=list, verbose_name='期后变动')),
                ('digest', models.CharField(max_length=64)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='更正原因')),
                ('open_units', models.JSONField(default=list, verbose_name='印发时尚未报齐')),
                ('published_at', models.DateTimeField(verbose_name='印发时间')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='campaigns.campaign')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('summary', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='reports.summary')),
            ],
            options={
                'ordering': ['-period', '-version'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'period', 'version'), name='publication_version')],
            },
        ),
        migrations.CreateModel(
            name='PublishedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.CharField(max_length=30, verbose_name='材料')),
                ('name', models.CharField(max_length=160, verbose_name='文件名')),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, verbose_name='校验值')),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reports.publication')),
            ],
            options={
                'ordering': ['publication_id', 'id'],
                'constraints': [models.UniqueConstraint(fields=('publication', 'paper'), name='published_paper_once')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('period', models.CharField(max_length=10, verbose_name='期间')),
                ('activity_kinds', models.JSONField(null=True, verbose_name='活动类型')),
                ('state', models.CharField(choices=[('to_send', '待报送'), ('sent', '已报送'), ('returned', '已退回'), ('locked', '已锁定'), ('sent_on', '已汇总上报'), ('received', '已接收')], default='to_send', max_length=10, verbose_name='状态')),
                ('version', models.PositiveIntegerField(default=1)),
                ('content', models.CharField(blank=True, choices=[('pack', '材料'), ('zero', '零报告'), ('none', '本类无活动')], max_length=5, verbose_name='内容')),
                ('zero_reason', models.CharField(blank=True, max_length=500, verbose_name='零报告说明')),
                ('due_on', models.DateField(verbose_name='应报日期')),
                ('first_sent_at', models.DateTimeField(null=True, verbose_name='首次报送时间')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='报送时间')),
                ('data', models.JSONField(default=dict)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('return_reason', models.CharField(blank=True, max_length=500, verbose_name='退回原因')),
                ('changed_at', models.DateTimeField(null=True)),
                ('also_received_by', models.ManyToManyField(blank=True, related_name='+', to='accounts.department')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='campaigns.campaign')),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('checker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions_checked', to='accounts.department')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='accounts.department')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions_received', to='accounts.department')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['campaign_id', 'period', 'department__order', 'id'],
                'indexes': [models.Index(fields=['campaign', 'period', 'state'], name='submission_period_state'), models.Index(fields=['checker', 'state', 'sent_at', 'id'], name='submission_checker'), models.Index(fields=['department', 'state', 'sent_at', 'id'], name='submission_unit')],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'period', 'department', 'receiver'), name='submission_once')],
            },
        ),
        migrations.CreateModel(
            name='SubmittedPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='报送版次')),
                ('paper', models.CharField(max_length=30, verbose_name='材料')),
                ('name', models.CharField(max_length=160, verbose_name='文件名')),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, verbose_name='校验值')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='reports.submission')),
            ],
            options={
                'ordering': ['submission_id', 'id'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'version', 'paper'), name='submitted_paper_once')],
            },
        ),
        migrations.CreateModel(
            name='SubmissionEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=500)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='reports.submission')),
            ],
            options={
                'ordering': ['submission_id', 'at', 'id'],
                'indexes': [models.Index(fields=['submission', 'at', 'id'], name='submission_event_order')],
            },
        ),
        migrations.CreateModel(
            name='OwnTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.CharField(max_length=30, verbose_name='材料')),
                ('version', models.PositiveIntegerField(verbose_name='版本')),
                ('name', models.CharField(max_length=160, verbose_name='文件名')),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, verbose_name='校验值')),
                ('left_out', models.JSONField(default=list)),
                ('uploaded_at', models.DateTimeField(verbose_name='上传时间')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='own_templates', to='campaigns.campaign')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'paper', 'version'), name='own_template_version')],
            },
        ),
        migrations.CreateModel(
            name='PaperText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=10, verbose_name='期间')),
                ('paper', models.CharField(max_length=30, verbose_name='材料')),
                ('version', models.PositiveIntegerField(verbose_name='版本')),
                ('paragraphs', models.JSONField(default=dict)),
                ('saved_at', models.DateTimeField(verbose_name='保存时间')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_texts', to='campaigns.campaign')),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('department', None)), fields=('campaign', 'period', 'paper', 'version'), name='paper_text_version'), models.UniqueConstraint(condition=models.Q(('department__isnull', False)), fields=('campaign', 'period', 'paper', 'department', 'version'), name='unit_paper_text_version')],
            },
        ),
        migrations.CreateModel(
            name='TemplateUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.CharField(max_length=30, verbose_name='材料')),
                ('chosen_at', models.DateTimeField()),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign')),
                ('chosen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.owntemplate')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'paper'), name='one_own_template_in_use')],
            },
        ),
        migrations.CreateModel(
            name='PublicSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('asked', '待审核公开'), ('released', '已公开'), ('declined', '未公开'), ('revoked', '已撤回')], default='asked', max_length=10, verbose_name='状态')),
                ('version', models.PositiveIntegerField(default=1)),
                ('content', models.JSONField()),
                ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                ('page', models.BinaryField(default=bytes)),
                ('workbook', models.BinaryField(default=bytes)),
                ('workbook_name', models.CharField(blank=True, max_length=160, verbose_name='文件名')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='校验值')),
                ('released_at', models.DateTimeField(null=True, verbose_name='公开时间')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='原因')),
                ('ended_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='public_sheets', to='reports.publication')),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'released'])), fields=('publication',), name='one_public_sheet')],
            },
        ),
        migrations.CreateModel(
            name='PublicPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, verbose_name='校验值')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pictures', to='reports.publicsheet')),
            ],
            options={
                'ordering': ['sheet_id', 'number'],
                'constraints': [models.UniqueConstraint(fields=('sheet', 'number'), name='public_picture_once')],
            },
        ),
        migrations.CreateModel(
            name='PublicPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('medium', models.CharField(choices=[('website', '网站'), ('account', '公众号'), ('newspaper', '日报'), ('other', '其他')], max_length=10, verbose_name='刊发方式')),
                ('name', models.CharField(max_length=100, verbose_name='刊发载体')),
                ('published_on', models.DateField(verbose_name='刊发日期')),
                ('link', models.CharField(blank=True, max_length=300, verbose_name='链接或版面')),
                ('recorded_at', models.DateTimeField()),
                ('struck_reason', models.CharField(blank=True, max_length=500, verbose_name='划去原因')),
                ('struck_at', models.DateTimeField(null=True)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='reports.publicsheet')),
                ('struck_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['sheet_id', 'published_on', 'id'],
            },
        ),
    ]
