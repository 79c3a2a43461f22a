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
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['recipient', '-created_at', '-id'], name='notice_inbox'), models.Index(condition=models.Q(('closed_at', None), ('read_at', None), ('superseded', False)), fields=['recipient'], name='notice_unread'), models.Index(condition=models.Q(('closed_at', None), models.Q(('duty', ''), _negated=True)), fields=['duty'], name='notice_open_duty')],
            },
        ),
    ]
