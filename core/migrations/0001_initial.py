import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(unique=True, verbose_name='日期')),
                ('is_workday', models.BooleanField(verbose_name='是否工作日')),
                ('name', models.CharField(blank=True, max_length=40, verbose_name='名称')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='依据')),
            ],
            options={
                'ordering': ['date'],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.CharField(choices=[('open', '公开'), ('covert', '暗访')], default='open', max_length=6)),
                ('seq', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor_label', models.CharField(blank=True, max_length=150)),
                ('action', models.CharField(max_length=60)),
                ('object_type', models.CharField(blank=True, max_length=60)),
                ('object_key', models.CharField(blank=True, max_length=80)),
                ('detail', models.JSONField(default=dict)),
                ('ip', models.GenericIPAddressField(null=True)),
                ('prev_mac', models.CharField(max_length=64)),
                ('mac', models.CharField(max_length=64, unique=True)),
            ],
            options={
                'ordering': ['chain', 'seq'],
                'indexes': [models.Index(fields=['object_type', 'object_key', 'seq'], name='audit_object'), models.Index(fields=['at', 'chain', 'seq'], name='audit_time'), models.Index(fields=['chain', 'actor_id', 'seq'], name='audit_actor'), models.Index(fields=['chain', 'action', 'seq'], name='audit_action')],
                'constraints': [models.UniqueConstraint(fields=('chain', 'seq'), name='audit_chain_seq')],
            },
        ),
        migrations.CreateModel(
            name='StagedTable',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('rights', models.CharField(blank=True, max_length=64)),
                ('file', models.CharField(max_length=100, verbose_name='文件')),
                ('params', models.JSONField(default=dict)),
                ('rows', models.JSONField(default=list)),
                ('preview', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('imported_at', models.DateTimeField(null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('scope', models.CharField(max_length=80)),
                ('digest', models.CharField(max_length=64)),
                ('sent', models.CharField(blank=True, max_length=64)),
                ('result', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='one_submit_per_key')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('label', models.CharField(max_length=120, verbose_name='名称')),
                ('rights', models.CharField(blank=True, max_length=64)),
                ('params', models.JSONField(default=dict)),
                ('dedupe_key', models.CharField(blank=True, max_length=120)),
                ('state', models.CharField(choices=[('held', '待放行'), ('queued', '排队中'), ('running', '进行中'), ('done', '已完成'), ('failed', '未完成'), ('cancelled', '已取消')], default='queued', max_length=10)),
                ('progress', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('message', models.CharField(blank=True, max_length=500, verbose_name='说明')),
                ('result_url', models.CharField(blank=True, max_length=200)),
                ('file_name', models.CharField(blank=True, max_length=200)),
                ('file_path', models.CharField(blank=True, max_length=200)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['owner', '-created_at'], name='job_owner'), models.Index(fields=['state', 'lease_until'], name='job_state_lease')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['held', 'queued', 'running']), models.Q(('dedupe_key', ''), _negated=True)), fields=('dedupe_key',), name='one_live_job_per_key')],
            },
        ),
    ]
