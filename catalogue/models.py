"""Service items a unit owns: what may be walked."""

from django.db import models

from accounts.models import Department


class ItemKind(models.TextChoices):
    APPROVAL = "approval", "审批"
    PUBLIC_SERVICE = "public_service", "公共服务"
    ENFORCEMENT = "enforcement", "行政执法"
    BUNDLE = "bundle", "一件事"


# The official terms of the lists of powers and services (政务服务事项基本目录), and what offices write for them.
ITEM_KIND_WORDS: dict[str, str] = {
    **dict.fromkeys(
        ("行政许可", "行政确认", "行政给付", "行政奖励", "行政裁决", "行政备案", "其他行政权力", "其他权力", "行政审批",
         "审批服务", "依申请政务服务事项"),
        ItemKind.APPROVAL,
    ),
    **dict.fromkeys(("公共服务事项", "便民服务"), ItemKind.PUBLIC_SERVICE),
    **dict.fromkeys(("执法", "行政处罚", "行政强制", "行政检查"), ItemKind.ENFORCEMENT),
    **dict.fromkeys(("一件事一次办", "高效办成一件事", "主题服务"), ItemKind.BUNDLE),
}  # fmt: skip


class InPersonReason(models.TextChoices):
    """Why an item must be walked by the principal in person (M18 一1)."""

    IMPORTANT = "important", "重要"
    CORE = "core", "核心职能"
    STRONG_PUBLIC = "strong_public", "群众反映强烈"


class ServiceItem(models.Model):
    """政务服务事项. Promised figures are what the guide says; what a walk found stands on the walk.

    A bundle (一件事) is an item of its lead unit whose ``members`` are handled as one application (W23).
    Units: ``committed_days`` 工作日, ``documents`` 份, ``steps`` 个, ``trips`` 次; None when not published.
    ``owner_name`` and ``member_names`` are set where an item goes into a table or comes from one (``resources``).
    """

    owner_name: str
    member_names: tuple[str, ...]

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="items", verbose_name="主管部门")
    code = models.CharField("事项编码", max_length=60, blank=True)
    name = models.CharField("事项名称", max_length=120)
    kind = models.CharField("事项类别", max_length=20, choices=ItemKind.choices, default=ItemKind.PUBLIC_SERVICE)
    must_walk_in_person = models.BooleanField("须本人体验", default=False)
    in_person_reason = models.CharField("须本人体验的理由", max_length=14, choices=InPersonReason.choices, blank=True)
    members = models.ManyToManyField("self", symmetrical=False, related_name="bundles", blank=True)
    committed_days = models.PositiveSmallIntegerField("承诺时限（工作日）", null=True, blank=True)
    documents = models.PositiveSmallIntegerField("材料数", null=True, blank=True)
    steps = models.PositiveSmallIntegerField("环节数", null=True, blank=True)
    trips = models.PositiveSmallIntegerField("跑动次数", null=True, blank=True)
    online_depth = models.CharField("网办深度", max_length=10, blank=True)
    order = models.PositiveIntegerField("序号", default=0)
    is_active = models.BooleanField("在用", default=True)
    search_text = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ["department__order", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["department", "name"], name="item_name_in_department")]
        indexes = [models.Index(fields=["department", "is_active", "order", "id"], name="item_order")]

    def __str__(self):
        return self.name
