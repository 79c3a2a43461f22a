import django.db.models.deletion
import django.utils.timezone
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
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('image', '照片')], default='image', max_length=10, verbose_name='类别')),
                ('original_name', models.CharField(max_length=255, verbose_name='文件名')),
                ('content_type', models.CharField(max_length=40, verbose_name='格式')),
                ('size', models.PositiveBigIntegerField(verbose_name='大小（字节）')),
                ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='原件校验值')),
                ('width', models.PositiveIntegerField(verbose_name='宽（像素）')),
                ('height', models.PositiveIntegerField(verbose_name='高（像素）')),
                ('taken_at', models.DateTimeField(null=True, verbose_name='拍摄时间（相机记录）')),
                ('uploaded_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='上传时间')),
                ('look', models.CharField(blank=True, max_length=32)),
                ('served_name', models.CharField(max_length=40, unique=True)),
                ('thumb_name', models.CharField(max_length=40, unique=True)),
                ('source_name', models.CharField(max_length=40, unique=True)),
                ('source_erased_at', models.DateTimeField(null=True, verbose_name='原件清除时间')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['uploaded_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('height__gt', 0), ('size__gt', 0), ('width__gt', 0)), name='storedfile_measures_positive')],
            },
        ),
        migrations.CreateModel(
            name='PhotoBand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.PositiveIntegerField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bands', to='evidence.storedfile')),
            ],
            options={
                'ordering': ['file_id', 'key'],
                'indexes': [models.Index(fields=['key', 'file'], name='photo_band')],
            },
        ),
        migrations.CreateModel(
            name='WaitingPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='waiting', to='evidence.storedfile')),
            ],
            options={
                'ordering': ['since', 'id'],
            },
        ),
    ]
