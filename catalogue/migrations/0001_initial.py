import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ServiceItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(blank=True, max_length=60, verbose_name='事项编码')),
                ('name', models.CharField(max_length=120, verbose_name='事项名称')),
                ('kind', models.CharField(choices=[('approval', '审批'), ('public_service', '公共服务'), ('enforcement', '行政执法'), ('bundle', '一件事')], default='public_service', max_length=20, verbose_name='事项类别')),
                ('must_walk_in_person', models.BooleanField(default=False, verbose_name='须本人体验')),
                ('in_person_reason', models.CharField(blank=True, choices=[('important', '重要'), ('core', '核心职能'), ('strong_public', '群众反映强烈')], max_length=14, verbose_name='须本人体验的理由')),
                ('committed_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='承诺时限（工作日）')),
                ('documents', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='材料数')),
                ('steps', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='环节数')),
                ('trips', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='跑动次数')),
                ('online_depth', models.CharField(blank=True, max_length=10, verbose_name='网办深度')),
                ('order', models.PositiveIntegerField(default=0, verbose_name='序号')),
                ('is_active', models.BooleanField(default=True, verbose_name='在用')),
                ('search_text', models.TextField(blank=True, editable=False)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='accounts.department', verbose_name='主管部门')),
                ('members', models.ManyToManyField(blank=True, related_name='bundles', to='catalogue.serviceitem')),
            ],
            options={
                'ordering': ['department__order', 'order', 'id'],
                'indexes': [models.Index(fields=['department', 'is_active', 'order', 'id'], name='item_order')],
                'constraints': [models.UniqueConstraint(fields=('department', 'name'), name='item_name_in_department')],
            },
        ),
    ]
