import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('campaigns', '0002_triggers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Summary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=10, verbose_name='期间')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版本')),
                ('state', models.CharField(choices=[('collecting', '收集中'), ('compiled', '已汇总'), ('locked', '已锁定'), ('published', '已印发')], default='compiled', max_length=12)),
                ('data', models.JSONField()),
                ('as_of', models.DateField(verbose_name='统计日')),
                ('digest', models.CharField(max_length=64)),
                ('compiled_at', models.DateTimeField(verbose_name='汇总时间')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='summaries', to='campaigns.campaign')),
                ('compiled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-period', '-version'],
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
                ('changed_earlier', models.JSONField(default=list, verbose_name='期后变动')),
                ('digest', models.CharField(max_length=64)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='更正原因')),
                ('published_at', models.DateTimeField(verbose_name='印发时间')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='campaigns.campaign')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('summary', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='reports.summary')),
            ],
            options={
                'ordering': ['-period', '-version'],
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
        migrations.AddConstraint(
            model_name='summary',
            constraint=models.UniqueConstraint(fields=('campaign', 'period', 'version'), name='summary_version'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.UniqueConstraint(fields=('campaign', 'period', 'version'), name='publication_version'),
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
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-version'],
            },
        ),
        migrations.CreateModel(
            name='TemplateUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.CharField(max_length=30, verbose_name='材料')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.owntemplate')),
            ],
        ),
        migrations.AddConstraint(
            model_name='owntemplate',
            constraint=models.UniqueConstraint(fields=('campaign', 'paper', 'version'), name='own_template_version'),
        ),
        migrations.AddConstraint(
            model_name='papertext',
            constraint=models.UniqueConstraint(fields=('campaign', 'period', 'paper', 'version'), name='paper_text_version'),
        ),
        migrations.AddConstraint(
            model_name='templateuse',
            constraint=models.UniqueConstraint(fields=('campaign', 'paper'), name='one_own_template_in_use'),
        ),
    ]
