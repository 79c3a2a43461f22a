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
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(max_length=30)),
                ('text', models.CharField(max_length=300, verbose_name='内容')),
                ('right', models.CharField(blank=True, max_length=60)),
                ('link', models.CharField(blank=True, max_length=200)),
                ('dedupe_key', models.CharField(max_length=120, unique=True)),
                ('superseded', models.BooleanField(default=False, verbose_name='已合并')),
                ('duty', models.CharField(blank=True, max_length=60)),
                ('closed_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                ('batch', models.UUIDField()),
                ('created_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('reach', models.CharField(choices=[('digest', '每日汇总'), ('at_once', '即时'), ('inside', '仅站内')], default='digest', max_length=8)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['recipient', '-created_at', '-id'], name='notice_inbox'), models.Index(condition=models.Q(('closed_at', None), ('read_at', None), ('superseded', False)), fields=['recipient'], name='notice_unread'), models.Index(condition=models.Q(('closed_at', None), models.Q(('duty', ''), _negated=True)), fields=['duty'], name='notice_open_duty'), models.Index(condition=models.Q(('closed_at', None)), fields=['link'], name='notice_open_link')],
            },
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('email', '电子邮件'), ('wecom', '企业微信群机器人'), ('dingtalk', '钉钉群机器人'), ('feishu', '飞书群机器人')], max_length=10, unique=True, verbose_name='渠道')),
                ('is_on', models.BooleanField(default=False, verbose_name='启用')),
                ('sealed', models.TextField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('set_at', models.DateTimeField()),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='MailAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=120, verbose_name='电子邮箱')),
                ('set_at', models.DateTimeField()),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mail_address', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('digest', '每日汇总'), ('at_once', '即时通知'), ('test', '测试')], max_length=8, verbose_name='种类')),
                ('mail_to', models.CharField(blank=True, max_length=120)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('count', models.PositiveIntegerField(verbose_name='条数')),
                ('people', models.PositiveIntegerField(default=1, verbose_name='人数')),
                ('state', models.CharField(choices=[('waiting', '待发送'), ('sent', '已发送'), ('dead', '未能送达')], default='waiting', max_length=8, verbose_name='状态')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='尝试次数')),
                ('next_at', models.DateTimeField()),
                ('leased_until', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='未送达原因')),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notifications.channel')),
                ('recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_at', 'id'], name='delivery_waiting'), models.Index(fields=['state', '-made_at', '-id'], name='delivery_state'), models.Index(fields=['recipient', 'channel', 'kind', '-made_at'], name='delivery_recipient')],
            },
        ),
    ]
