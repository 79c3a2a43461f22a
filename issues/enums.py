from django.db import models

from campaigns.enums import IssueSource as IssueSource


class IssueState(models.TextChoices):
    """问题 states (docs/rules.md section 3). The one writer is ``issues.domain.lifecycle.perform``; of
    issues brought in from an office's own ledger, until somebody works on them, ``issues.domain.imported``."""

    DRAFT = "draft", "草稿"
    REGISTERED = "registered", "已登记"
    ASSIGNED = "assigned", "待签收"
    DISPUTED = "disputed", "退单待裁"
    PLANNING = "planning", "待定措施"
    RECTIFYING = "rectifying", "整改中"
    DEFERRED = "deferred", "长期挂账"
    REFERRED = "referred", "已转上级"
    CLOSING = "closing", "待验收"
    CLOSED = "closed", "已销号"
    VERIFIED = "verified", "回头看通过"
    MERGED = "merged", "并案"
    DISMISSED = "dismissed", "不予采纳"


S = IssueState
OPEN_STATES = (
    S.REGISTERED,
    S.ASSIGNED,
    S.DISPUTED,
    S.PLANNING,
    S.RECTIFYING,
    S.DEFERRED,
    S.REFERRED,
    S.CLOSING,
)
CLOSED_STATES = (S.CLOSED, S.VERIFIED)
ENDED_STATES = (S.MERGED, S.DISMISSED)
# The clock stands still while the office has put the issue off or another body holds it.
STOPPED_STATES = (S.DEFERRED, S.REFERRED)
RUNNING_STATES = tuple(state for state in OPEN_STATES if state not in STOPPED_STATES)


# Sources of which a problem is put on the ledger by hand (来件); of the others a walk or an inspection tells.
BY_HAND = (
    IssueSource.HOTLINE,
    IssueSource.RATING,
    IssueSource.DESK,
    IssueSource.SURVEY,
    IssueSource.MEETING,
    IssueSource.DEPUTIES,
    IssueSource.MEDIA,
    IssueSource.INSTRUCTION,
    IssueSource.FEEDBACK,
    IssueSource.WEBSITE,
    IssueSource.OTHER,
)


class Satisfaction(models.TextChoices):
    """The five grades of 好差评, by whoever reported a problem."""

    VERY_GOOD = "very_good", "非常满意"
    GOOD = "good", "满意"
    FAIR = "fair", "基本满意"
    BAD = "bad", "不满意"
    VERY_BAD = "very_bad", "非常不满意"


class Track(models.TextChoices):
    """整改类型."""

    ON_SPOT = "on_spot", "立行立改"
    LIMITED = "limited", "限期整改"
    LONG_TERM = "long_term", "长期坚持"


class CauseDepth(models.TextChoices):
    """How far the cause of a problem reaches: 点、类、流程、机制, from the one point it was met at to the mechanism."""

    POINT = "point", "点：个别问题"
    KIND = "kind", "类：同类问题"
    PROCESS = "process", "流程：办事流程"
    MECHANISM = "mechanism", "机制：制度机制"


# What the office marks an issue with (H22: 急难愁盼, 高频, 重点难点), by field of ``Issue``.
MARK_LABELS = {"is_priority": "重点", "is_urgent": "急难愁盼", "is_frequent": "高频"}
MARKS = tuple(MARK_LABELS)


class EvidenceKind(models.TextChoices):
    FOUND = "found", "发现时"
    PROOF = "proof", "佐证"
    BEFORE = "before", "整改前"
    AFTER = "after", "整改后"


class ReductionKind(models.TextChoices):
    """The four reductions; the unit of before and after follows from the kind."""

    STEPS = "steps", "减环节（个）"
    DAYS = "days", "减时间（工作日）"
    DOCUMENTS = "documents", "减材料（份）"
    TRIPS = "trips", "减跑动（次）"


class NeedState(models.TextChoices):
    """需求 states. The one writer is ``issues.domain.needs.lifecycle``, which follows its ``transitions``."""

    NOTED = "noted", "待体验报送"
    OPEN = "unanswered", "待回应"
    REPLIED = "replied", "已回应"


class NeedActor(models.TextChoices):
    """In which part a person acts on a need; who holds which is decided in ``issues.rules``."""

    SYSTEM = "system", "系统"
    RESPONSIBLE = "responsible", "回应单位"
    LEAD = "lead", "牵头单位"
    OFFICE = "office", "统筹办"


class Actor(models.TextChoices):
    """In which part a person acts on an issue; who holds which is decided in ``issues.rules``."""

    SYSTEM = "system", "系统"
    DISCOVERING = "discovering", "发现单位"
    RESPONSIBLE = "responsible", "责任单位"
    LEAD = "lead", "牵头单位"
    OFFICE = "office", "统筹办"
    WALKER = "walker", "体验人"
    COOPERATING = "cooperating", "配合单位"
    RE_WALKER = "re_walker", "回头看体验人"


class ExtensionState(models.TextChoices):
    """延期申请 states. The one writer is ``issues.domain.extensions.lifecycle``, which follows its ``transitions``."""

    ASKED = "asked", "待答复"
    GRANTED = "granted", "已同意"
    DENIED = "denied", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"


class SlipColour(models.IntegerChoices):
    """三色督办单, in the order of severity."""

    BLUE = 1, "蓝色"
    YELLOW = 2, "黄色"
    RED = 3, "红色"


class SlipState(models.TextChoices):
    """督办单 states. The one writer is ``issues.domain.slips.lifecycle``, which follows its ``transitions``."""

    ISSUED = "slip_issued", "待反馈"
    ANSWERED = "slip_answered", "待核验"
    ACCEPTED = "slip_accepted", "已办结"
    SUPERSEDED = "slip_superseded", "已升级"


class EnquiryState(models.TextChoices):
    """举一反三 states. The one writer is ``issues.domain.enquiries.lifecycle``, which follows its ``transitions``."""

    OPEN = "enquiry_open", "征询中"
    ANSWERED = "enquiry_answered", "答复完毕"
    ENDED = "enquiry_ended", "已终止"


class ReplyState(models.TextChoices):
    """What a unit answers to an enquiry; written as ``EnquiryState``."""

    WAITING = "reply_waiting", "待回复"
    FOUND = "reply_found", "有"
    NONE = "reply_none", "无"
    DROPPED = "reply_dropped", "不再答复"


class EnquiryActor(models.TextChoices):
    """In which part a person acts on an enquiry; who holds which is decided in ``issues.rules``."""

    SYSTEM = "system", "系统"
    SENDER = "sender", "发起方"
    ASKED = "asked", "被征询单位"


class LookBackState(models.TextChoices):
    """States of a walk bound for 回头看. The one writer is ``issues.domain.lookback.lifecycle``."""

    BOUND = "look_back_bound", "已安排"
    PASSED = "look_back_passed", "通过"
    FAILED = "look_back_failed", "未通过"
    VOID = "look_back_void", "不作数"


class LookBackVerdict(models.TextChoices):
    """What a re-walk says of the issue it is bound to."""

    PASS = "pass", "通过"
    FAIL = "fail", "未通过"


class LookBackActor(models.TextChoices):
    """In which part a person acts on a bound walk; who holds which is decided in ``issues.rules``."""

    SYSTEM = "system", "系统"
    WALKING = "walking", "体验单位"


class SavedKind(models.TextChoices):
    """What was kept of the ledger's list."""

    FILTER = "filter", "常用筛选"
    COLUMNS = "columns", "导出列"
    SHOWN = "shown", "显示的列"


class Audience(models.TextChoices):
    """Who may use what was kept."""

    OWN = "own", "本人"
    UNIT = "unit", "本单位"
    OFFICE = "office", "本地区（统筹办）"
