import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=60, unique=True, verbose_name='用户名')),
                ('name', models.CharField(db_index=True, max_length=60, verbose_name='姓名')),
                ('label', models.CharField(blank=True, max_length=220, verbose_name='称呼')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='手机')),
                ('kind', models.CharField(choices=[('staff', '业务人员'), ('sysadmin', '系统管理员'), ('secadmin', '安全管理员'), ('auditor', '审计员')], default='staff', max_length=10, verbose_name='账号类别')),
                ('is_active', models.BooleanField(default=True, verbose_name='在用')),
                ('session_generation', models.PositiveIntegerField(default=0)),
                ('must_change_password', models.BooleanField(default=False, verbose_name='首次登录须改密码')),
                ('password_expires_at', models.DateTimeField(null=True, verbose_name='初始密码有效期至')),
                ('date_joined', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['username'],
            },
        ),
        migrations.CreateModel(
            name='OldPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('level', models.CharField(choices=[('province', '省'), ('city', '市'), ('county', '县'), ('town', '镇街'), ('village', '村')], default='county', max_length=10, verbose_name='级别')),
                ('order', models.PositiveIntegerField(default=0, verbose_name='序号')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.region')),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='单位名称')),
                ('kind', models.CharField(choices=[('county', '县级部门'), ('district', '县（市）区'), ('town', '镇街'), ('utility', '公共服务企业'), ('office', '统筹机构'), ('other', '其他')], default='county', max_length=10, verbose_name='单位类型')),
                ('order', models.PositiveIntegerField(default=0, verbose_name='序号')),
                ('is_approval', models.BooleanField(default=False, verbose_name='审批服务单位')),
                ('is_enforcement', models.BooleanField(default=False, verbose_name='行政执法单位')),
                ('is_utility', models.BooleanField(default=False, verbose_name='公共服务企业')),
                ('is_active', models.BooleanField(default=True, verbose_name='在用')),
                ('abolished_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                ('abolished_by', models.CharField(blank=True, max_length=200, verbose_name='撤销依据')),
                ('succeeded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='accounts.department', verbose_name='承接单位')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='accounts.region')),
            ],
            options={
                'ordering': ['region_id', 'order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RoleRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('principal', '主要负责同志'), ('deputy', '分管负责同志'), ('liaison', '联络员'), ('responsible', '整改责任人'), ('lead', '牵头单位经办'), ('office', '统筹办'), ('supervisor', '督查'), ('sysadmin', '系统管理员'), ('secadmin', '安全管理员'), ('auditor', '审计员')], max_length=12, verbose_name='角色')),
                ('title', models.CharField(blank=True, max_length=60, verbose_name='职务')),
                ('requested_at', models.DateTimeField(auto_now_add=True)),
                ('decision', models.CharField(choices=[('waiting', '待决定'), ('granted', '已授予'), ('refused', '未授予')], default='waiting', max_length=8, verbose_name='决定')),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                ('since', models.DateField(null=True, verbose_name='起')),
                ('until', models.DateField(null=True, verbose_name='止')),
                ('given_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='role_requests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('principal', '主要负责同志'), ('deputy', '分管负责同志'), ('liaison', '联络员'), ('responsible', '整改责任人'), ('lead', '牵头单位经办'), ('office', '统筹办'), ('supervisor', '督查')], max_length=12, verbose_name='角色')),
                ('title', models.CharField(blank=True, max_length=60, verbose_name='职务')),
                ('since', models.DateField(null=True, verbose_name='起')),
                ('until', models.DateField(null=True, verbose_name='止')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.department')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['department_id', 'id'],
                'indexes': [models.Index(fields=['department', 'role'], name='membership_dept_role'), models.Index(condition=models.Q(('until__isnull', False)), fields=['until'], name='membership_until')],
                'constraints': [models.UniqueConstraint(fields=('user', 'department', 'role'), name='membership_once')],
            },
        ),
        migrations.CreateModel(
            name='StartCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('roles', models.JSONField(default=list)),
                ('moved', models.JSONField(default=dict)),
                ('reason', models.CharField(max_length=200, verbose_name='原因')),
                ('made_at', models.DateTimeField()),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
                ('leaver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', '-id'],
                'indexes': [models.Index(fields=['department', '-made_at', '-id'], name='hand_over_unit')],
            },
        ),
        migrations.CreateModel(
            name='UnitChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('renamed', '更名'), ('merged', '合并'), ('split', '拆分')], max_length=8, verbose_name='变动')),
                ('before', models.JSONField(verbose_name='原单位')),
                ('after', models.JSONField(verbose_name='现单位')),
                ('effective_on', models.DateField(verbose_name='变动日期')),
                ('document', models.CharField(max_length=200, verbose_name='依据')),
                ('moved', models.JSONField(default=dict)),
                ('asked', models.PositiveIntegerField(default=0, verbose_name='申请的角色')),
                ('made_at', models.DateTimeField(verbose_name='办理时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.region')),
                ('units', models.ManyToManyField(related_name='changes', to='accounts.department')),
            ],
            options={
                'ordering': ['-effective_on', '-id'],
                'indexes': [models.Index(fields=['-effective_on', '-id'], name='unit_change_order'), models.Index(fields=['kind', '-effective_on', '-id'], name='unit_change_kind')],
            },
        ),
        migrations.CreateModel(
            name='UnitName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='原名称')),
                ('next_name', models.CharField(max_length=80, verbose_name='现名称')),
                ('until', models.DateField(verbose_name='至何日止（不含）')),
                ('search_text', models.TextField(editable=False)),
                ('change', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='renaming', to='accounts.unitchange')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='earlier_names', to='accounts.department')),
            ],
            options={
                'ordering': ['department_id', 'until', 'id'],
                'indexes': [models.Index(fields=['department', 'until'], name='unit_name_until')],
            },
        ),
        migrations.AddConstraint(
            model_name='region',
            constraint=models.UniqueConstraint(fields=('parent', 'name'), name='region_name_in_parent'),
        ),
        migrations.AddConstraint(
            model_name='region',
            constraint=models.UniqueConstraint(condition=models.Q(('parent', None)), fields=('name',), name='region_root_name'),
        ),
        migrations.AddIndex(
            model_name='department',
            index=models.Index(fields=['region', 'order', 'id'], name='department_order'),
        ),
        migrations.AddConstraint(
            model_name='department',
            constraint=models.UniqueConstraint(fields=('region', 'name'), name='department_name_in_region'),
        ),
        migrations.AddIndex(
            model_name='rolerequest',
            index=models.Index(fields=['decision', 'id'], name='role_request_decision'),
        ),
        migrations.AddIndex(
            model_name='rolerequest',
            index=models.Index(condition=models.Q(('decision', 'granted'), ('given_at', None)), fields=['since'], name='role_request_to_come'),
        ),
        migrations.AddConstraint(
            model_name='rolerequest',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('decision', 'granted'), _negated=True), ('department__isnull', False)), fields=('user', 'department', 'role'), name='one_open_request_per_role'),
        ),
        migrations.AddConstraint(
            model_name='rolerequest',
            constraint=models.UniqueConstraint(condition=models.Q(('decision', 'waiting'), ('department__isnull', True)), fields=('user',), name='one_open_request_per_kind'),
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=60, verbose_name='用途')),
                ('scope', models.CharField(choices=[('read', '只读'), ('act', '读取和办理')], max_length=4, verbose_name='范围')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('expires_on', models.DateField(verbose_name='有效期至')),
                ('made_at', models.DateTimeField(verbose_name='建立时间')),
                ('last_used_at', models.DateTimeField(null=True, verbose_name='最近使用')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='停用时间')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
    ]
