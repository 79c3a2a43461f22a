import re

from django.db import models


class CampaignState(models.TextChoices):
    DRAFT = "draft", "起草"
    ISSUED = "issued", "已印发"
    RUNNING = "running", "实施中"
    SUMMARISED = "summarised", "已总结"
    ARCHIVED = "archived", "已归档"


class CampaignActor(models.TextChoices):
    """Who takes a step on a campaign (``campaigns.domain.states.actors_of``)."""

    OFFICE = "office", "统筹办"
    SYSTEM = "system", "系统"


OPEN_CAMPAIGNS = (CampaignState.ISSUED, CampaignState.RUNNING)
ENDED_CAMPAIGNS = (CampaignState.SUMMARISED, CampaignState.ARCHIVED)


class HotlineState(models.TextChoices):
    DRAFT = "draft", "未印发"
    ISSUED = "issued", "已印发"


class TableKind(models.TextChoices):
    """Tables that come in under the headings of those who keep them."""

    LEDGER = "ledger", "问题整改台账"
    WALKS = "walks", "走流程情况登记表"
    HOTLINE = "hotline", "热线工单数"


class ActivityKind(models.TextChoices):
    PROCESS = "process_walkthrough", "走流程"
    WINDOW = "window_duty", "坐窗口"
    ENFORCEMENT = "enforcement_ride_along", "跟执法"
    COMPLAINT = "complaint_handling", "处投诉"


# Kinds that walk a service stage by stage, from one side of the counter or the other.
SERVICE_KINDS = (ActivityKind.PROCESS, ActivityKind.WINDOW)


class WalkMode(models.TextChoices):
    IN_PERSON = "in_person", "亲身办"
    ON_BEHALF = "on_behalf", "代理办"
    ACCOMPANY = "accompany", "陪同办"
    ONLINE = "online", "线上办"


class Rhythm(models.TextChoices):
    """How often something is owed (docs/domain.md section 3.1)."""

    ONCE = "once", "一次性"
    WEEKLY = "weekly", "每周"
    MONTHLY = "monthly", "每月"
    QUARTERLY = "quarterly", "每季度"


class Trigger(models.TextChoices):
    """Why a walk takes place beside its rhythm (L22 一（三）2、3): a hint, never overdue."""

    EVENT = "event", "即时体验"
    FOLLOW_UP = "follow_up", "跟踪体验"


class DueWay(models.TextChoices):
    """How a due date is told; ``n`` of the rule is explained beside each."""

    NONE = "none", "通知未定期限"
    DATE = "date", "固定日期"
    PERIOD_END = "period_end", "每期最后一天"
    MONTH_DAY = "month_day", "每月某日"  # n: day of the month
    NEXT_MONTH_DAY = "next_month_day", "次月某日"
    NEXT_WORKDAYS = "next_workdays", "下一期开始后若干个工作日"  # n: 工作日
    WEEKDAY = "weekday", "当周星期几"  # n: 1 Monday … 7 Sunday
    NEXT_WEEKDAY = "next_weekday", "次周星期几"
    AFTER_WALKS = "after_walks", "体验截止后若干个工作日"  # n: 工作日


class Shift(models.TextChoices):
    KEEP = "keep", "不调整"
    EARLIER = "earlier", "提前到上一个工作日"
    LATER = "later", "顺延到下一个工作日"


class NoticeRule(models.TextChoices):
    """Whether a walk is told beforehand."""

    FREE = "free", "不作要求"
    BEFORE = "before", "体验前报备"
    FORBIDDEN = "forbidden", "不打招呼"


class CovertRule(models.TextChoices):
    REQUIRED = "required", "一律暗访"
    ALLOWED = "allowed", "可以暗访"
    FORBIDDEN = "forbidden", "不采用暗访"


class CoverageBasis(models.TextChoices):
    NONE = "none", "不要求逐项体验"
    EACH_ITEM = "each_item", "全部审批和公共服务事项"
    EACH_BUNDLE = "each_bundle", "每一项“一件事”"
    POOL = "pool", "必走事项清单"


class Provenance(models.TextChoices):
    """Where a must-walk item comes from (H22 益阳: 亲点一批、申报一批、征集一批; hotline as the fourth)."""

    LEADER = "leader", "领导点题"
    UNIT = "unit", "部门申报"
    PUBLIC = "public", "企业群众征集"
    HOTLINE = "hotline", "12345热线"


class DelegationReason(models.TextChoices):
    """Why a deputy walks instead of the principal (M18 一1, W23 三, L22 一（二）)."""

    MANY_ITEMS = "many_items", "事项较多"
    LONG_SPAN = "long_span", "时间跨度较大"


class CompanionKind(models.TextChoices):
    """Who comes along (W23 六（二）names the first two)."""

    BUSINESS = "business", "政务服务业务人员"
    TECHNICAL = "technical", "信息化工作人员"
    OTHER = "other", "其他陪同人员"


class DeadlineAnswer(models.TextChoices):
    """What the office said to an earlier date."""

    APPROVE = "approve", "已批准提前"
    KEEP = "keep", "已维持原期限"


class DeadlineKind(models.TextChoices):
    """What is due, in the order it comes."""

    PLAN = "plan", "报计划"
    WALK = "walk", "完成体验"
    REPORT = "report", "报送资料"
    SUMMARY = "summary", "牵头汇总"


class UnitList(models.TextChoices):
    """Which units of the roster take part in an activity: L22 一（二） names five subjects, W23 三 the units that
    lead a bundle of the catalogue."""

    ALL = "all", "名单内全部单位"
    APPROVAL = "approval", "审批服务单位"
    ENFORCEMENT = "enforcement", "行政执法单位"
    UTILITY = "utility", "公共服务企业"
    TOWN = "town", "各镇街"
    HOTLINE = "hotline", "当月跟单处理单位"
    BUNDLE_LEAD = "bundle_lead", "一件事牵头部门"


class Material(models.TextChoices):
    PHOTO = "photo", "图片"
    VIDEO = "video", "视频"


class ClosingEvidence(models.TextChoices):
    """What a request for closing carries; the values are those of the issue's evidence kinds."""

    PROOF = "proof", "佐证材料"
    AFTER = "after", "整改后照片"


class Component(models.TextChoices):
    """The components an activity consists of (L22 二（一）至（三））."""

    APPROVAL_WALK = "approval_walk", "走流程：以企业群众身份参与审批服务"
    APPROVAL_DESK = "approval_desk", "坐窗口：以工作人员身份参与审批服务"
    BUSINESS_CHECK = "business_check", "业务检查（随机选取政务服务事项）"
    SERVICE_CALLBACK = "service_callback", "服务回访（上月办事企业群众，有效回访）"
    DISCUSSION = "discussion_meeting", "座谈交流（工作人员及企业群众代表）"
    ENFORCEMENT_CHECK = "enforcement_check", "执法检查（随机选取）"
    ENFORCEMENT_CASE = "enforcement_case", "执法案件处理"
    FILE_REVIEW = "case_file_review", "行政执法案卷评查"
    HOTLINE_DESK = "hotline_desk", "实地体验投诉转办机制运行"
    HOTLINE_STUDY = "hotline_study", "针对投诉问题分析研究"
    HOTLINE_CASE = "hotline_case", "参与一次投诉问题处理"

    @property
    def brief(self) -> str:
        """The name without what explains it: 业务检查."""
        return re.split("[：（]", self.label)[0]


class CommonClass(models.TextChoices):
    """The classes every scheme maps to, so that campaigns with different schemes can be compared."""

    PROCESS = "process", "办理流程"
    TIME = "time", "办理时限"
    MATERIAL = "material", "申报材料"
    WINDOW = "window", "窗口服务"
    PUBLICITY = "publicity", "政策宣传与指南"
    SYSTEM = "system", "系统平台"
    COORDINATION = "coordination", "协调联动"
    ENFORCEMENT = "enforcement", "执法规范"
    COMPLAINT = "complaint", "投诉处置"
    OTHER = "other", "其他"


class IssueSource(models.TextChoices):
    """Where an issue comes from; a campaign's rules name those it takes in (docs/domain.md section 6)."""

    WALK = "walk", "走流程"
    WINDOW = "window", "坐窗口"
    ENFORCEMENT = "enforcement", "跟执法"
    COMPLAINT = "complaint", "处投诉"
    CHECK = "check", "业务检查"
    CALLBACK = "callback", "服务回访"
    MEETING = "meeting", "座谈交流"
    FILE_REVIEW = "file_review", "案卷评查"
    ROLE_SWAP = "role_swap", "换位体验"
    COMPARISON = "comparison", "对照检查"
    FEEDBACK = "feedback", "群众反馈"
    HOTLINE = "hotline", "12345热线"
    RATING = "rating", "好差评"
    DESK = "desk", "“办不成事”窗口"
    SURVEY = "survey", "调查问卷"
    WEBSITE = "website", "网站征集"
    DEPUTIES = "deputies", "人大代表、政协委员"
    VISIT = "visit", "明查暗访"
    INSPECTION = "inspection", "督查"
    SIMILAR = "similar", "举一反三"
    MEDIA = "media", "媒体"
    INSTRUCTION = "instruction", "领导批示"
    OTHER = "other", "其他"


class ScoreRule(models.TextChoices):
    """What a point of the 考核 may count: conduct only (docs/rules.md rule 11). Nothing else can be scored."""

    PLAN_LATE = "plan_late", "体验计划未按时报送"
    WALK_OWED = "walk_owed", "应体验而未体验"
    HEAD_OWED = "head_owed", "主要负责同志未亲自体验"
    WALK_SHORT = "walk_short", "体验未达标"
    REPORT_LATE = "report_late", "体验材料未按时报送"
    WALK_RETURNED = "walk_returned", "体验报送被退回补正"
    OVERDUE = "overdue", "逾期未整改"
    CLOSED_LATE = "closed_late", "逾期完成整改"
    REPLY_LATE = "reply_late", "交办逾期未签收"
    CLOSING_RETURNED = "closing_returned", "销号申请被退回"
    REBOUND = "rebound", "回头看未通过"
    MANUAL = "manual", "人工评定"


class ScorePer(models.TextChoices):
    """For what a deduction is made: each thing counted, or each 工作日 it is late."""

    ROW = "row", "每件（次、期）"
    WORKDAY = "workday", "每个工作日"
