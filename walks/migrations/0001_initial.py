import django.db.models.deletion
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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="撤回原因")),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consult", "咨询查询"),
                            ("prepare", "准备材料"),
                            ("fill", "填写表格"),
                            ("queue", "取号排队"),
                            ("accept", "受理"),
                            ("review", "审批"),
                            ("track", "跟踪进度"),
                            ("result", "取结果"),
                            ("feedback", "反馈评价"),
                            ("register", "注册登录"),
                            ("search", "检索"),
                            ("book", "预约"),
                            ("guide", "办事指南"),
                            ("apply", "申报提交"),
                            ("status", "进度查询"),
                            ("reply", "结果反馈"),
                        ],
                        max_length=10,
                        verbose_name="环节",
                    ),
                ),
                (
                    "component",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approval_walk", "走流程：以企业群众身份参与审批服务"),
                            ("approval_desk", "坐窗口：以工作人员身份参与审批服务"),
                            ("business_check", "业务检查（随机选取政务服务事项）"),
                            ("service_callback", "服务回访（上月办事企业群众，有效回访）"),
                            ("discussion_meeting", "座谈交流（工作人员及企业群众代表）"),
                            ("enforcement_check", "执法检查（随机选取）"),
                            ("enforcement_case", "执法案件处理"),
                            ("case_file_review", "行政执法案卷评查"),
                            ("hotline_desk", "实地体验投诉转办机制运行"),
                            ("hotline_study", "针对投诉问题分析研究"),
                            ("hotline_case", "参与一次投诉问题处理"),
                        ],
                        max_length=20,
                        verbose_name="规定环节",
                    ),
                ),
                ("happened_at", models.DateTimeField(verbose_name="时间")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="经过")),
                (
                    "assessment",
                    models.CharField(
                        blank=True,
                        choices=[("smooth", "顺畅"), ("fair", "一般"), ("blocked", "不顺")],
                        max_length=10,
                        verbose_name="评价",
                    ),
                ),
                ("item_name", models.CharField(blank=True, max_length=120, verbose_name="检查事项")),
                ("person_digest", models.CharField(blank=True, max_length=64)),
                ("served_on", models.DateField(null=True, verbose_name="办理或咨询日期")),
                ("is_valid", models.BooleanField(default=False, verbose_name="有效回访")),
                ("ratings", models.JSONField(default=dict, verbose_name="要素评价")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.serviceitem",
                    ),
                ),
            ],
            options={
                "ordering": ["happened_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="StepPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="对象或参加人员")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="联系电话")),
                ("salt", models.CharField(blank=True, max_length=32)),
                ("erased_at", models.DateTimeField(null=True, verbose_name="清除时间")),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="personal", to="walks.step"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StepPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="撤回原因")),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="step_link", to="evidence.storedfile"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="photo_links", to="walks.step"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="step",
            name="photos",
            field=models.ManyToManyField(related_name="+", through="walks.StepPhoto", to="evidence.storedfile"),
        ),
        migrations.CreateModel(
            name="Walk",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "walker_capacity",
                    models.CharField(
                        choices=[
                            ("principal", "主要负责同志"),
                            ("deputy", "分管负责同志"),
                            ("companion", "陪同人员"),
                            ("other", "其他人员"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "activity_kind",
                    models.CharField(
                        choices=[
                            ("process_walkthrough", "走流程"),
                            ("window_duty", "坐窗口"),
                            ("enforcement_ride_along", "跟执法"),
                            ("complaint_handling", "处投诉"),
                        ],
                        max_length=30,
                        verbose_name="活动类型",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("in_person", "亲身办"),
                            ("on_behalf", "代理办"),
                            ("accompany", "陪同办"),
                            ("online", "线上办"),
                        ],
                        max_length=12,
                        verbose_name="体验形式",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("applicant", "办事群众"),
                            ("staff", "工作人员"),
                            ("officer", "执法人员"),
                            ("operator", "热线人员"),
                        ],
                        default="applicant",
                        max_length=10,
                        verbose_name="体验角色",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "已计划"),
                            ("in_progress", "体验中"),
                            ("recorded", "已登记"),
                            ("signed", "已签字"),
                            ("reported", "已报送"),
                            ("accepted", "已接收"),
                            ("returned", "退回补正"),
                            ("cancelled", "已取消"),
                        ],
                        default="in_progress",
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("is_covert", models.BooleanField(default=False, verbose_name="暗访")),
                (
                    "delegation_reason",
                    models.CharField(
                        blank=True,
                        choices=[("many_items", "事项较多"), ("long_span", "时间跨度较大")],
                        max_length=12,
                        verbose_name="委托理由",
                    ),
                ),
                ("companions", models.JSONField(default=dict, verbose_name="陪同人员")),
                ("is_waiting", models.BooleanField(default=False, verbose_name="等结果")),
                ("is_simulated", models.BooleanField(default=False, verbose_name="模拟体验")),
                ("simulation_withdrawn", models.BooleanField(default=False, verbose_name="模拟件已撤回")),
                ("has_authorisation", models.BooleanField(default=False, verbose_name="已取得委托授权")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="地点或渠道")),
                ("walk_date", models.DateField(verbose_name="体验日期")),
                ("started_at", models.DateTimeField()),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("period", models.CharField(max_length=10)),
                (
                    "actual_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="实际办理时限（工作日）"),
                ),
                (
                    "actual_documents",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="实交材料数"),
                ),
                ("actual_trips", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="实际跑动次数")),
                ("zero_explained", models.CharField(blank=True, max_length=500, verbose_name="未发现问题的说明")),
                ("suggestion", models.TextField(blank=True, max_length=2000, verbose_name="意见建议")),
                ("conforms", models.BooleanField(null=True, verbose_name="规定环节齐全")),
                ("shortfall", models.CharField(blank=True, max_length=300, verbose_name="未达标情况")),
                ("return_reason", models.CharField(blank=True, max_length=500, verbose_name="退回原因")),
                ("item_name", models.CharField(max_length=120, verbose_name="事项名称")),
                ("department_name", models.CharField(max_length=80, verbose_name="体验单位")),
                ("receiver_name", models.CharField(max_length=80, verbose_name="接收单位")),
                ("walker_name", models.CharField(max_length=220, verbose_name="体验人")),
                ("promised_days", models.PositiveSmallIntegerField(null=True, verbose_name="承诺时限（工作日）")),
                ("promised_documents", models.PositiveSmallIntegerField(null=True, verbose_name="承诺材料数")),
                ("promised_steps", models.PositiveSmallIntegerField(null=True, verbose_name="承诺环节数")),
                ("promised_trips", models.PositiveSmallIntegerField(null=True, verbose_name="承诺跑动次数")),
                ("signer_name", models.CharField(blank=True, max_length=220, verbose_name="签字人")),
                ("signed_at", models.DateTimeField(null=True)),
                ("signed_digest", models.CharField(blank=True, max_length=64)),
                ("reported_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("also_received_by", models.ManyToManyField(blank=True, related_name="+", to="accounts.department")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="walks", to="campaigns.campaign"
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="walks", to="accounts.department"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="walks", to="catalogue.serviceitem"
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="walks_received",
                        to="accounts.department",
                    ),
                ),
                (
                    "rules",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.ruleversion"
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "walker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="walks_walked",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at"],
            },
        ),
        migrations.AddField(
            model_name="step",
            name="walk",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="walks.walk"),
        ),
        migrations.CreateModel(
            name="StampedPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stamped_link",
                        to="evidence.storedfile",
                    ),
                ),
                (
                    "walk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stamped_pages", to="walks.walk"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("principal", "主要负责同志"),
                            ("deputy", "分管负责同志"),
                            ("companion", "陪同人员"),
                            ("other", "其他人员"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "walk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="participants", to="walks.walk"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Clearance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("granted_at", models.DateTimeField()),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clearances",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "walk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="clearances", to="walks.walk"
                    ),
                ),
            ],
            options={
                "ordering": ["walk_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="WalkEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=500)),
                ("subject", models.UUIDField(editable=False, null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "walk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="walks.walk"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.CharField(max_length=7)),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="第几次抽取")),
                ("seed", models.CharField(max_length=64, verbose_name="随机种子")),
                ("pool", models.JSONField()),
                ("drawn", models.JSONField()),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="重抽原因")),
                ("drawn_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="campaigns.campaign"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="accounts.department"
                    ),
                ),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["campaign_id", "department_id", "-month", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "department", "month", "number"), name="draw_number")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="walk",
            index=models.Index(fields=["department", "state", "-started_at"], name="walk_unit_state"),
        ),
        migrations.AddIndex(
            model_name="walk",
            index=models.Index(fields=["walker", "state", "-started_at"], name="walk_walker_state"),
        ),
        migrations.AddIndex(
            model_name="walk",
            index=models.Index(fields=["receiver", "state", "-started_at"], name="walk_receiver_state"),
        ),
        migrations.AddIndex(
            model_name="walk",
            index=models.Index(fields=["campaign", "period", "department", "state"], name="walk_period_unit"),
        ),
        migrations.AddIndex(
            model_name="walk",
            index=models.Index(fields=["campaign", "department", "walk_date"], name="walk_unit_date"),
        ),
        migrations.AddIndex(
            model_name="walk",
            index=models.Index(fields=["campaign", "item"], name="walk_item"),
        ),
        migrations.AddConstraint(
            model_name="walk",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_covert", False), ("companions", {}), _connector="OR"),
                name="covert_walk_is_alone",
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["walk", "happened_at", "id"], name="step_order"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("component", ""), models.Q(("stage", ""), _negated=True)),
                    models.Q(("stage", ""), models.Q(("component", ""), _negated=True)),
                    _connector="OR",
                ),
                name="step_of_stage_or_component",
            ),
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.UniqueConstraint(fields=("walk", "user"), name="participant_once"),
        ),
        migrations.AddIndex(
            model_name="clearance",
            index=models.Index(fields=["user", "walk"], name="clearance_user"),
        ),
        migrations.AddConstraint(
            model_name="clearance",
            constraint=models.UniqueConstraint(fields=("walk", "user"), name="clearance_once"),
        ),
        migrations.AddIndex(
            model_name="walkevent",
            index=models.Index(fields=["walk", "at", "id"], name="walk_event_order"),
        ),
    ]
