"""Regions, departments, people, and the memberships that rights depend on."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from tree_queries.fields import TreeNodeForeignKey
from tree_queries.query import TreeQuerySet

from accounts.enums import AccountKind, Decision, DepartmentKind, RegionLevel, Role, TokenScope, UnitChangeKind


class Region(models.Model):
    """An administrative area: 市 → 县 → 镇街 → 村. An office sees its region's subtree."""

    parent = TreeNodeForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=RegionLevel.choices, default=RegionLevel.COUNTY)
    order = models.PositiveIntegerField("序号", default=0)

    objects = TreeQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="region_name_in_parent"),
            models.UniqueConstraint(fields=["name"], condition=models.Q(parent=None), name="region_root_name"),
        ]

    def __str__(self):
        return self.name


class Department(models.Model):
    """A unit on the fixed roster. ``order`` is the order of the notice's list and never alphabetical.

    An abolished one (``is_active`` False) stays with its records; ``abolished_on`` is the first day it no longer
    existed, ``abolished_by`` the document that says so. All three are written by ``accounts.domain.abolition`` only.
    ``succeeded_by``: the unit in use that is in charge of what stands in the name of an abolished one (承接单位);
    whoever works there has the same part in it (``accounts.scope``). Written by ``accounts.domain.abolition`` only.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="departments")
    name = models.CharField("单位名称", max_length=80)
    kind = models.CharField("单位类型", max_length=10, choices=DepartmentKind.choices, default=DepartmentKind.COUNTY)
    order = models.PositiveIntegerField("序号", default=0)
    is_approval = models.BooleanField("审批服务单位", default=False)
    is_enforcement = models.BooleanField("行政执法单位", default=False)
    is_utility = models.BooleanField("公共服务企业", default=False)
    is_active = models.BooleanField("在用", default=True)
    abolished_on = models.DateField("撤销日期", null=True, blank=True)
    abolished_by = models.CharField("撤销依据", max_length=200, blank=True)
    succeeded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="predecessors", null=True, verbose_name="承接单位"
    )

    class Meta:
        ordering = ["region_id", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="department_name_in_region")]
        indexes = [models.Index(fields=["region", "order", "id"], name="department_order")]

    def __str__(self):
        return self.name


class UnitChange(models.Model):
    """机构变动: one unit renamed, several merged into one, or one split into several, from ``effective_on`` on, by
    ``document``. Never changed (trigger).

    ``before``, ``after``: the names of the units, the first of ``after`` in charge of what is not moved. ``moved``:
    {kind of matter: [its keys]}; ``asked``: how many roles were asked for. Written by ``accounts.domain.renaming`` and
    ``home.domain.unit_changes``.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("变动", max_length=8, choices=UnitChangeKind.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    units = models.ManyToManyField(Department, related_name="changes")
    before = models.JSONField("原单位")
    after = models.JSONField("现单位")
    effective_on = models.DateField("变动日期")
    document = models.CharField("依据", max_length=200)
    moved = models.JSONField(default=dict)
    asked = models.PositiveIntegerField("申请的角色", default=0)
    made_by = models.ForeignKey("User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("办理时间")

    class Meta:
        ordering = ["-effective_on", "-id"]
        indexes = [
            models.Index(fields=["-effective_on", "-id"], name="unit_change_order"),
            models.Index(fields=["kind", "-effective_on", "-id"], name="unit_change_kind"),
        ]

    def __str__(self):
        return f"{'、'.join(self.before)} → {'、'.join(self.after)}"


class UnitName(models.Model):
    """A name a unit had until the day before ``until``, and the one that came after it (``next_name``). Never changed
    (trigger); written by ``accounts.domain.renaming`` only. ``search_text``: both names, for the search boxes."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="earlier_names")
    name = models.CharField("原名称", max_length=80)
    next_name = models.CharField("现名称", max_length=80)
    until = models.DateField("至何日止（不含）")
    change = models.OneToOneField(UnitChange, on_delete=models.PROTECT, related_name="renaming")
    search_text = models.TextField(editable=False)

    class Meta:
        ordering = ["department_id", "until", "id"]
        indexes = [models.Index(fields=["department", "until"], name="unit_name_until")]


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields):
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who signs in. What they may see follows from their memberships and from ``kind``.

    ``password_expires_at``: until when a one-time password may be used to sign in; None for a chosen one.
    ``session_generation`` counts how often every session of the account was ended: a session of an earlier one is void.
    ``label``: what the person is called wherever shown; more than the name where two of one name could meet. Written by
    ``accounts.domain.labels``.
    """

    username = models.CharField("用户名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60, db_index=True)
    label = models.CharField("称呼", max_length=220, blank=True)
    phone = models.CharField("手机", max_length=20, blank=True)
    kind = models.CharField("账号类别", max_length=10, choices=AccountKind.choices, default=AccountKind.STAFF)
    is_active = models.BooleanField("在用", default=True)
    session_generation = models.PositiveIntegerField(default=0)
    must_change_password = models.BooleanField("首次登录须改密码", default=False)
    password_expires_at = models.DateTimeField("初始密码有效期至", null=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        ordering = ["username"]

    def __str__(self):
        return self.label or self.name or self.username

    def save(self, *args, **kwargs):
        self.label = self.label or self.name
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret=None):
        # Django's own compares the password alone; ending all sessions must not need another password.
        value = f"{self.session_generation}:{self.password}"
        return salted_hmac("accounts.User.session", value, secret=secret, algorithm="sha256").hexdigest()


class OldPassword(models.Model):
    """A password the person had before, as stored then: it may not be chosen again at once.

    Written by ``accounts.domain.passwords``.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    password = models.CharField(max_length=128)

    class Meta:
        ordering = ["-id"]


class ApiToken(models.Model):
    """A key by which a program acts for a person. Written by ``accounts.domain.tokens``.

    ``digest`` of the key, which is shown once and kept nowhere; ``expires_on``: the last day on which it works.
    ``last_used_at``: to the hour.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    purpose = models.CharField("用途", max_length=60)
    scope = models.CharField("范围", max_length=4, choices=TokenScope.choices)
    digest = models.CharField(max_length=64, unique=True)
    expires_on = models.DateField("有效期至")
    made_at = models.DateTimeField("建立时间")
    last_used_at = models.DateTimeField("最近使用", null=True)
    ended_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        ordering = ["-made_at", "-id"]


class Membership(models.Model):
    """(person, department, role). The three administrators hold none: refused here and by a database trigger.

    ``since``, ``until``: the first and the last day on which it holds, None where nobody said. A role that has not
    begun is no row yet (``RoleRequest.since``); after ``until`` it gives no right any more (``scope.in_force``), and
    ``accounts.domain.terms`` takes the row away.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField("角色", max_length=12, choices=Role.choices)
    title = models.CharField("职务", max_length=60, blank=True)
    since = models.DateField("起", null=True)
    until = models.DateField("止", null=True)

    class Meta:
        ordering = ["department_id", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "department", "role"], name="membership_once")]
        indexes = [
            models.Index(fields=["department", "role"], name="membership_dept_role"),
            models.Index(fields=["until"], condition=models.Q(until__isnull=False), name="membership_until"),
        ]

    def __str__(self):
        return f"{self.user} {self.get_role_display()}"


class RoleRequest(models.Model):
    """A role that 系统管理员 asks for and 安全管理员 grants or refuses; until then nothing of the role works.

    ``role`` is a Role in ``department``, or without one the AccountKind the account shall become. ``since``, ``until``:
    the days for which it was granted; ``given_at``: when a granted one began to hold, None while its first day is still
    to come. Written by ``accounts.domain.role_requests`` only.
    """

    ROLES = (*Role.choices, *(choice for choice in AccountKind.choices if choice[0] != AccountKind.STAFF))

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_requests")
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("角色", max_length=12, choices=ROLES)
    title = models.CharField("职务", max_length=60, blank=True)
    requested_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    decision = models.CharField("决定", max_length=8, choices=Decision.choices, default=Decision.WAITING)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    since = models.DateField("起", null=True)
    until = models.DateField("止", null=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department", "role"],
                condition=~models.Q(decision="granted") & models.Q(department__isnull=False),
                name="one_open_request_per_role",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(decision="waiting", department__isnull=True),
                name="one_open_request_per_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["decision", "id"], name="role_request_decision"),
            models.Index(
                fields=["since"], condition=models.Q(decision="granted", given_at=None), name="role_request_to_come"
            ),
        ]


class HandOver(models.Model):
    """离任交接: the roles of one person in one unit and the duties in that person's name went to a successor at once.

    ``roles``: the roles that went over; ``moved``: {kind of duty: [its keys]}, read back by the app that knows the
    kind. Written by ``home.domain.handing_over.hand_over`` and never changed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    leaver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    roles = models.JSONField(default=list)
    moved = models.JSONField(default=dict)
    reason = models.CharField("原因", max_length=200)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["department", "-made_at", "-id"], name="hand_over_unit")]


class StartCode(models.Model):
    """The one-time code of the page of the first start. One row at most; written by ``accounts.domain.first_start``.

    ``digest``: of the code, which is stored nowhere. ``tries``: wrong ones so far.
    """

    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
