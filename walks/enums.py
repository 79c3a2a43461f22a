"""The choices of a walk."""

from django.db import models

from campaigns.enums import ActivityKind, WalkMode


class WalkState(models.TextChoices):
    PLANNED = "planned", "已计划"
    IN_PROGRESS = "in_progress", "体验中"
    RECORDED = "recorded", "已登记"
    SIGNED = "signed", "已签字"
    REPORTED = "reported", "已报送"
    ACCEPTED = "accepted", "已接收"
    RETURNED = "returned", "退回补正"
    CANCELLED = "cancelled", "已取消"


# Walks the receiving side knows of; everything before is the unit's own business.
REPORTED_STATES = (WalkState.REPORTED, WalkState.ACCEPTED)


class WalkActor(models.TextChoices):
    """In which part a person acts on a walk; who holds which is decided in ``walks.rules``."""

    WALKER = "walker", "体验人"
    OPENER = "opener", "登记人"
    UNIT = "unit", "体验单位负责同志、联络员"
    PRINCIPAL = "principal", "体验单位主要负责同志"
    RECEIVER = "receiver", "接收单位"
    OFFICE = "office", "统筹办"


class WalkEventKind(models.TextChoices):
    """What a walk's history says."""

    PLANNED = "planned", "计划暗访"
    POSTPONED = "postponed", "改期"
    STARTED = "started", "开始体验"
    WAITING = "waiting", "标记等结果"
    RESUMED = "resumed", "已取得结果"
    DRAFT_WITHDRAWN = "draft_withdrawn", "撤回一个问题"
    STEP_WITHDRAWN = "step_withdrawn", "撤回一条环节记录"
    PHOTO_WITHDRAWN = "photo_withdrawn", "撤回一张照片"
    RECORDED = "recorded", "登记完成"
    SIGNED = "signed", "签字"
    REOPENED = "reopened", "重新修改"
    REPORTED = "reported", "报送"
    ACCEPTED = "accepted", "接收"
    RETURNED = "returned", "退回补正"
    CANCELLED = "cancelled", "取消体验"
    IMPORTED = "imported", "导入"


class WalkRole(models.TextChoices):
    """体验人以什么身份参与 (docs/domain.md section 6)."""

    APPLICANT = "applicant", "办事群众"
    STAFF = "staff", "工作人员"
    OFFICER = "officer", "执法人员"
    OPERATOR = "operator", "热线人员"


# As whom the walker takes part, by the kind of activity: each kind has one role and each role one kind.
ROLE_OF_KIND: dict[str, WalkRole] = {
    ActivityKind.PROCESS: WalkRole.APPLICANT,
    ActivityKind.WINDOW: WalkRole.STAFF,
    ActivityKind.ENFORCEMENT: WalkRole.OFFICER,
    ActivityKind.COMPLAINT: WalkRole.OPERATOR,
}


class Stage(models.TextChoices):
    """Canonical stages of a walk: the union of the notices' lists (docs/domain.md section 5)."""

    CONSULT = "consult", "咨询查询"
    PREPARE = "prepare", "准备材料"
    FILL = "fill", "填写表格"
    QUEUE = "queue", "取号排队"
    ACCEPT = "accept", "受理"
    REVIEW = "review", "审批"
    TRACK = "track", "跟踪进度"
    RESULT = "result", "取结果"
    FEEDBACK = "feedback", "反馈评价"
    REGISTER = "register", "注册登录"
    SEARCH = "search", "检索"
    BOOK = "book", "预约"
    GUIDE = "guide", "办事指南"
    APPLY = "apply", "申报提交"
    STATUS = "status", "进度查询"
    REPLY = "reply", "结果反馈"


COUNTER_STAGES = (
    Stage.CONSULT,
    Stage.PREPARE,
    Stage.FILL,
    Stage.QUEUE,
    Stage.ACCEPT,
    Stage.REVIEW,
    Stage.TRACK,
    Stage.RESULT,
)


ONLINE_STAGES = (
    Stage.REGISTER,
    Stage.SEARCH,
    Stage.BOOK,
    Stage.GUIDE,
    Stage.APPLY,
    Stage.STATUS,
    Stage.REPLY,
)


def stages_for(mode: str) -> tuple[Stage, ...]:
    """The stages offered for a walk: the online ones for 线上办, the counter ones otherwise."""
    return ONLINE_STAGES if mode == WalkMode.ONLINE else COUNTER_STAGES


class Assessment(models.TextChoices):
    SMOOTH = "smooth", "顺畅"
    FAIR = "fair", "一般"
    BLOCKED = "blocked", "不顺"


class Capacity(models.TextChoices):
    """In which capacity a person took part; only leaders count in 人次, companions do not (L22)."""

    PRINCIPAL = "principal", "主要负责同志"
    DEPUTY = "deputy", "分管负责同志"
    COMPANION = "companion", "陪同人员"
    OTHER = "other", "其他人员"


LEADER_CAPACITIES = (Capacity.PRINCIPAL, Capacity.DEPUTY)


class Rating(models.TextChoices):
    """How one element of a part was found (L22 二: 是否明晰、是否完善…)."""

    GOOD = "good", "好"
    FAIR = "fair", "一般"
    POOR = "poor", "差"
