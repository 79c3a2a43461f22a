"""The ledger: issues, their measures, evidence and history."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Department, Region
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from evidence.models import StoredFile
from issues.enums import (
    OPEN_STATES,
    RUNNING_STATES,
    CauseDepth,
    EvidenceKind,
    IssueSource,
    IssueState,
    NeedState,
    ReductionKind,
    Track,
)
from issues.models.inspection import Inspection
from walks.models import Step, Walk, Withdrawable

USER = settings.AUTH_USER_MODEL
NO_DATE = date(9999, 12, 31)


class NumberSequence(models.Model):
    """The next issue number of a campaign. Written by ``issues.domain.numbering.take``; never goes back."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="number_sequence")
    next_value = models.PositiveIntegerField(default=1)


class Issue(models.Model):
    """问题. Everything but a draft is written by ``issues.domain.lifecycle.perform``; what an office brings in from its
    own ledger by ``issues.domain.imported``, until somebody works on it.

    ``due_on`` is the date in force, ``first_due_on`` the first one, visible for ever. ``due_proposed_on`` is a distant
    one that waits for confirmation and does not count before (``issues.domain.due_dates``). Overdue is computed from
    dates (``issues.domain.overdue``), never stored. ``due_key`` orders undated issues last on every database;
    ``open_key`` is 1 while the issue counts as open, else 0: one value for an index to begin with, where
    ``state IN (…)`` is many.
    ``period`` is the reporting period of the walk that found it, ``region`` that of the discovering unit. Until it has
    a number ``public_id`` stands for it in addresses: the row's own id would tell how many others were noted.
    ``progressed_on``: the last day on which a plan, a measure or progress was noted; None of what was brought in and
    not worked on since. ``result_key``: equal for results of the same words (``issues.domain.alike``).
    ``proposed_name``: of the unit concerned when the problem was noted, for the sheet that is signed. Of an issue that
    was brought in: ``original_number``, the office's own; ``closer_name``, who struck it off, by name where there is no
    account; ``reported_by`` is who brought it in, None for the command. ``source_number``: of a 来件, the reference it
    has where it was reported (工单号).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("问题编号", max_length=40, unique=True, null=True)  # noqa: DJ001 - many drafts have none
    original_number = models.CharField("原编号", max_length=60, blank=True)
    source_number = models.CharField("来源编号", max_length=60, blank=True)
    # Keys without an index of their own begin one of ``Meta.indexes``.
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="issues", db_index=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    walk = models.ForeignKey(Walk, on_delete=models.PROTECT, related_name="issues", null=True)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings", null=True)
    step = models.ForeignKey(Step, on_delete=models.SET_NULL, related_name="issues", null=True)
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="issues", null=True)
    discovering_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="issues_found", db_index=False
    )
    proposed_department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", null=True)
    proposed_name = models.CharField("涉及单位", max_length=80, blank=True)
    responsible_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="issues", null=True, db_index=False
    )
    lead_department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="issues_led", db_index=False)
    cooperating = models.ManyToManyField(Department, through="Cooperation", related_name="issues_helped", blank=True)
    reported_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField("状态", max_length=12, choices=IssueState.choices, default=IssueState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    rebounds = models.PositiveSmallIntegerField("反弹次数", default=0)
    disputes = models.PositiveSmallIntegerField("退单次数", default=0)
    description = models.TextField("存在问题", max_length=2000)
    stage = models.CharField("环节", max_length=10, blank=True)
    category = models.CharField("分类", max_length=40, blank=True)
    source = models.CharField("来源", max_length=12, choices=IssueSource.choices, default=IssueSource.WALK)
    track = models.CharField("整改类型", max_length=10, choices=Track.choices, blank=True)
    found_on = models.DateField("发现日期")
    period = models.CharField(max_length=10)
    assigned_on = models.DateField("交办日期", null=True)
    due_on = models.DateField("整改时限", null=True)
    first_due_on = models.DateField("首次时限", null=True)
    due_set_on = models.DateField(null=True)
    due_provisional = models.BooleanField("暂定", default=False)
    due_proposed_on = models.DateField("待确认的时限", null=True)
    due_proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    due_key = models.GeneratedField(
        expression=Coalesce(F("due_on"), Value(NO_DATE)), output_field=models.DateField(), db_persist=True
    )
    open_key = models.GeneratedField(
        expression=Case(When(state__in=OPEN_STATES, then=Value(1)), default=Value(0)),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    responsible_person = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="issues_owned", null=True)
    responsible_name = models.CharField("责任人", max_length=60, blank=True)
    contact_phone = models.CharField("联系电话", max_length=20, blank=True)
    progress = models.CharField("整改进展", max_length=1000, blank=True)
    progressed_on = models.DateField("最近进展", null=True)
    root_cause = models.CharField("原因分析", max_length=500, blank=True)
    cause_depth = models.CharField("问题层次", max_length=10, choices=CauseDepth.choices, blank=True)
    is_priority = models.BooleanField("重点", default=False)
    is_urgent = models.BooleanField("急难愁盼", default=False)
    is_frequent = models.BooleanField("高频", default=False)
    good_practice = models.CharField("好做法", max_length=1000, blank=True)
    practice_on = models.DateField("标为好做法的日期", null=True)
    result = models.CharField("整改结果", max_length=1000, blank=True)
    result_key = models.CharField(max_length=16, blank=True, editable=False)
    closing_requested_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    closing_requested_on = models.DateField(null=True)
    closed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    closer_name = models.CharField("验收人", max_length=60, blank=True)
    closed_on = models.DateField("完成日期", null=True)
    look_back_note = models.CharField("回头看情况", max_length=500, blank=True)
    review_on = models.DateField("复核日期", null=True)
    clock_stopped_on = models.DateField(null=True)
    referred_to = models.CharField("转送单位", max_length=80, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged_from", null=True)
    dismissal_proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    dismissal_reason = models.CharField(max_length=500, blank=True)
    chases = models.PositiveSmallIntegerField("催办次数", default=0)
    chased_on = models.DateField("最近催办", null=True)
    remark = models.CharField("备注", max_length=500, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=IssueState.DRAFT, number=None)
                | (~Q(state=IssueState.DRAFT) & Q(number__isnull=False)),
                name="issue_number_from_registering",
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(first_due_on__isnull=False), name="issue_first_due_kept"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_key", "id"], name="issue_state_due"),
            models.Index(
                fields=["responsible_department", "state", "category", "due_key", "id"], name="issue_unit_state"
            ),
            models.Index(fields=["campaign", "period", "discovering_department", "state"], name="issue_period_unit"),
            models.Index(fields=["region", "number"], name="issue_region_number"),
            models.Index(fields=["region", "due_key", "id"], name="issue_region_due"),
            models.Index(fields=["region", "found_on", "id"], name="issue_region_found"),
            models.Index(fields=["region", "state", "due_key", "id"], name="issue_region_state"),
            models.Index(fields=["region", "updated_at", "id"], name="issue_region_updated"),
            models.Index(fields=["region", "open_key", "due_key", "id"], name="issue_region_open"),
            models.Index(fields=["open_key", "due_key", "id"], name="issue_open"),
            models.Index(fields=["due_key", "id"], name="issue_due"),
            models.Index(fields=["found_on", "id"], name="issue_found"),
            models.Index(fields=["updated_at", "id"], name="issue_updated"),
            models.Index(fields=["lead_department", "state", "due_key", "id"], name="issue_lead_state"),
            models.Index(fields=["discovering_department", "state", "number"], name="issue_found_by"),
            models.Index(fields=["source", "id"], name="issue_source"),
            models.Index(fields=["campaign", "original_number"], name="issue_original_number"),
            models.Index(
                fields=["campaign", "source_number"], condition=~Q(source_number=""), name="issue_source_number"
            ),
            models.Index(fields=["category", "id"], name="issue_category"),
            models.Index(
                fields=["progressed_on", "id"], condition=Q(state=IssueState.RECTIFYING), name="issue_progress"
            ),
            models.Index(fields=["id"], condition=Q(is_priority=True), name="issue_priority"),
            models.Index(fields=["id"], condition=Q(is_urgent=True), name="issue_urgent"),
            models.Index(fields=["id"], condition=Q(is_frequent=True), name="issue_frequent"),
            models.Index(fields=["cause_depth", "id"], condition=~Q(cause_depth=""), name="issue_depth"),
            models.Index(fields=["-practice_on", "-id"], condition=~Q(good_practice=""), name="issue_practice"),
            models.Index(fields=["result_key", "id"], condition=~Q(result_key=""), name="issue_result"),
            models.Index(fields=["due_on", "id"], condition=Q(state__in=RUNNING_STATES), name="issue_clock"),
            models.Index(
                fields=["campaign", "closed_on", "id"], condition=Q(state=IssueState.CLOSED), name="issue_struck_off"
            ),
        ]

    def __str__(self):
        return self.number or "（草稿）"


class Measure(models.Model):
    """整改措施, 1..n per issue and round. A claimed reduction carries before and after in the kind's unit.

    ``owner``: who of the unit sees to it, ``due_on`` by when; ``progress``: the latest word on it, of ``progress_on``.
    ``added_at``: when it was set, for figures of a day that has passed."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="measures")
    round = models.PositiveSmallIntegerField(default=1)
    order = models.PositiveSmallIntegerField(default=1)
    text = models.CharField("整改措施", max_length=500)
    reduction = models.CharField("压减类型", max_length=10, choices=ReductionKind.choices, blank=True)
    before = models.PositiveIntegerField("压减前", null=True, blank=True)
    after = models.PositiveIntegerField("压减后", null=True, blank=True)
    owner = models.CharField("措施责任人", max_length=60, blank=True)
    due_on = models.DateField("完成时限", null=True, blank=True)
    progress = models.CharField("措施进展", max_length=500, blank=True)
    progress_on = models.DateField("进展日期", null=True, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["issue_id", "round", "order", "id"]
        indexes = [models.Index(fields=["issue", "round", "order"], name="measure_order")]


class IssueRound(models.Model):
    """A round that was struck off and then failed its look-back: kept as it was, never overwritten."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField(null=True)
    result = models.CharField(max_length=1000, blank=True)
    requested_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    requested_on = models.DateField(null=True)
    closed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    closed_on = models.DateField(null=True)
    finding = models.CharField("回头看情况", max_length=500)

    class Meta:
        ordering = ["issue_id", "number"]
        constraints = [models.UniqueConstraint(fields=["issue", "number"], name="issue_round_once")]


class IssueEvidence(Withdrawable):
    """A file that belongs to an issue; the file's bytes live in evidence. One of a draft may be withdrawn."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="evidence")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="issue_link")
    kind = models.CharField(max_length=8, choices=EvidenceKind.choices)
    round = models.PositiveSmallIntegerField(default=1)
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["issue_id", "round", "id"]


class EvidenceOpening(models.Model):
    """That a person opened a file of a request for closing in full: what is struck off many at once was looked at.
    Written by ``issues.domain.openings.note_opened``."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="openings")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "file"], name="evidence_opening_once")]


class BulkChange(models.Model):
    """One action on many issues at once (批量办理). Written by ``issues.domain.bulk.perform_each``; its events name it.

    ``refused``: [[number, why it was not done]] in the order of the list.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.CharField(max_length=24)
    actor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    refused = models.JSONField(default=list)


class IssueEvent(models.Model):
    """The history people read: one row per action, in the action's own transaction; never changed (trigger).

    ``to_state``, ``due_on``, ``closing_requested_on``, ``round``, ``track`` and who is responsible are the issue's as
    they stood after the action: what is said of a day that has passed comes from them (``issues.domain.as_of``).
    ``change``: the bulk change it was part of.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=24)
    actor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12, blank=True)
    version = models.PositiveIntegerField()
    due_on = models.DateField(null=True)
    closing_requested_on = models.DateField(null=True)
    round = models.PositiveSmallIntegerField(default=1)
    track = models.CharField(max_length=10, blank=True)
    responsible_department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", null=True)
    responsible_name = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    data = models.JSONField(default=dict)
    change = models.ForeignKey(BulkChange, on_delete=models.PROTECT, related_name="events", null=True)

    class Meta:
        ordering = ["issue_id", "at", "id"]
        indexes = [
            models.Index(fields=["issue", "at", "id"], name="issue_event_order"),
            models.Index(fields=["kind", "at"], name="issue_event_kind"),
        ]


class NeedSubject(models.TextChoices):
    FIRM = "firm", "企业"
    CITIZEN = "citizen", "群众"
    UNIT = "unit", "本单位"


class Need(models.Model):
    """需求 met on a walk (L22 annex 2, 需求清单). Noted by ``issues.domain.intake`` while the walk is open; ``state``
    and everything after are written by ``issues.domain.needs.lifecycle`` only.

    ``department`` answers by ``reply_by``; both are there from the reporting of the walk on, ``first_reply_by`` stays
    as it was first. Late is computed from dates, never stored.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="needs")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="needs")
    subject = models.CharField("需求主体", max_length=8, choices=NeedSubject.choices)
    content = models.CharField("需求内容", max_length=500)
    state = models.CharField("状态", max_length=10, choices=NeedState.choices, default=NeedState.NOTED)
    version = models.PositiveIntegerField(default=1)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="needs", null=True)
    reply_by = models.DateField("拟回应时间", null=True)
    first_reply_by = models.DateField("首次拟回应时间", null=True)
    reply = models.CharField("回应情况", max_length=1000, blank=True)
    replied_on = models.DateField("回应日期", null=True)
    return_reason = models.CharField("退回原因", max_length=500, blank=True)
    changed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    changed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["walk_id", "id"]
        indexes = [
            models.Index(fields=["state", "reply_by", "id"], name="need_state"),
            models.Index(fields=["department", "state", "reply_by", "id"], name="need_unit_state"),
            models.Index(fields=["campaign", "state", "reply_by", "id"], name="need_campaign_state"),
            models.Index(fields=["subject", "id"], name="need_subject"),
        ]


class NeedEvent(models.Model):
    """What happened to a need: append-only (trigger), one row per action. ``department``, ``reply_by``, ``reply`` and
    ``replied_on`` are those of the need after it, so that a past day can be told."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20)
    actor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    note = models.CharField(max_length=1000, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", null=True)
    reply_by = models.DateField(null=True)
    reply = models.CharField(max_length=1000, blank=True)
    replied_on = models.DateField(null=True)

    class Meta:
        ordering = ["need_id", "at", "id"]
        indexes = [models.Index(fields=["need", "at", "id"], name="need_event_order")]
