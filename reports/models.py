"""Compiled and published periods, submissions, papers."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models

from accounts.models import Department
from campaigns.models import Campaign
from core.periods import Period, period_with_days
from reports.enums import PublicMedium, PublicState, SubmissionContent, SubmissionState

USER = settings.AUTH_USER_MODEL


class SummaryState(models.TextChoices):
    COMPILED = "compiled", "已汇总"
    PUBLISHED = "published", "已印发"


class Summary(models.Model):
    """One period's figures as they were compiled, a version each time. Written by ``reports.domain.compile`` only, and
    never changed after.

    ``data`` has the keys of the ``summary`` command; ``digest`` is SHA-256 over its canonical JSON. ``as_of`` is the
    day on which it was judged.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="summaries")
    period = models.CharField("期间", max_length=10)
    version = models.PositiveSmallIntegerField("版本", default=1)
    state = models.CharField(max_length=12, choices=SummaryState.choices, default=SummaryState.COMPILED)
    data = models.JSONField()
    as_of = models.DateField("统计日")
    digest = models.CharField(max_length=64)
    compiled_at = models.DateTimeField("汇总时间")
    compiled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-period", "-version"]
        constraints = [models.UniqueConstraint(fields=["campaign", "period", "version"], name="summary_version")]


class Publication(models.Model):
    """印发: a period frozen with everything that went out. Written by ``reports.domain.publishing`` only; triggers on
    both databases refuse every later write.

    ``version`` counts the publications of the period; from the second on there is a ``reason`` (更正). ``rows`` are the
    rows counted, as ``reports.domain.counted_rows`` gives them; ``names`` those of units and items it went out with
    (``reports.domain.names``); ``changed_earlier`` says, a line each, what has changed in the periods published before
    (期后变动); ``digest`` is over figures, rows, ``public``, these lines and digests of the files.
    ``open_units``: in words, what was not handed in or not locked and was confirmed so. ``public``: what of it may be
    shown to everybody (``reports.domain.public_sheet.content``), kept whether the period is ever released or not.
    """

    summary = models.OneToOneField(Summary, on_delete=models.PROTECT, related_name="publication")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="publications")
    period = models.CharField("期间", max_length=10)
    version = models.PositiveSmallIntegerField("印发版次")
    rows = models.JSONField()
    names = models.JSONField(default=dict)
    public = models.JSONField("可公开的内容", default=dict)
    changed_earlier = models.JSONField("期后变动", default=list)
    digest = models.CharField(max_length=64)
    reason = models.CharField("更正原因", max_length=500, blank=True)
    open_units = models.JSONField("印发时尚未报齐", default=list)
    published_at = models.DateTimeField("印发时间")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-period", "-version"]
        constraints = [models.UniqueConstraint(fields=["campaign", "period", "version"], name="publication_version")]

    @property
    def asked(self) -> Period:
        """The period with the days it had when it was published, whatever the rules say now."""
        days = (date.fromisoformat(self.summary.data[key]) for key in ("starts_on", "ends_on"))
        return period_with_days(self.period, *days)


class PublishedFile(models.Model):
    """One paper as it was published, byte by byte."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="files")
    paper = models.CharField("材料", max_length=30)
    name = models.CharField("文件名", max_length=160)
    content = models.BinaryField()
    sha256 = models.CharField("校验值", max_length=64)

    class Meta:
        ordering = ["publication_id", "id"]
        constraints = [models.UniqueConstraint(fields=["publication", "paper"], name="published_paper_once")]


class Submission(models.Model):
    """报送: what one unit hands in for one period to one receiver (L22 四（二）: 跟执法 goes to another lead).

    ``state`` and ``version`` are written by ``reports.domain.submissions.lifecycle`` only. A row comes into being when
    the unit first sends. ``checker`` checks and locks: the receiving lead, or the coordinating office where there is
    no hop between. ``data`` is what was sent, {"figures", "rows", "papers"} (of papers their digests), and ``digest``
    its SHA-256: a trigger keeps both as long as the submission is not back with the unit. Lateness is judged by
    ``first_sent_at`` against ``due_on``, which never change again.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="submissions")
    period = models.CharField("期间", max_length=10)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="submissions")
    receiver = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="submissions_received")
    also_received_by = models.ManyToManyField(Department, related_name="+", blank=True)
    checker = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="submissions_checked")
    activity_kinds = models.JSONField("活动类型", null=True)
    state = models.CharField("状态", max_length=10, choices=SubmissionState.choices, default=SubmissionState.TO_SEND)
    version = models.PositiveIntegerField(default=1)
    content = models.CharField("内容", max_length=5, choices=SubmissionContent.choices, blank=True)
    zero_reason = models.CharField("零报告说明", max_length=500, blank=True)
    due_on = models.DateField("应报日期")
    first_sent_at = models.DateTimeField("首次报送时间", null=True)
    sent_at = models.DateTimeField("报送时间", null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    data = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    return_reason = models.CharField("退回原因", max_length=500, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["campaign_id", "period", "department__order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "period", "department", "receiver"], name="submission_once")
        ]
        indexes = [
            models.Index(fields=["campaign", "period", "state"], name="submission_period_state"),
            models.Index(fields=["checker", "state", "sent_at", "id"], name="submission_checker"),
            models.Index(fields=["department", "state", "sent_at", "id"], name="submission_unit"),
        ]


class SubmittedPaper(models.Model):
    """One paper of a unit as it handed it in, byte by byte; sent again, another row. Written by
    ``reports.domain.submissions.papers`` only; triggers refuse every later write."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="papers")
    version = models.PositiveIntegerField("报送版次")
    paper = models.CharField("材料", max_length=30)
    name = models.CharField("文件名", max_length=160)
    content = models.BinaryField()
    sha256 = models.CharField("校验值", max_length=64)

    class Meta:
        ordering = ["submission_id", "id"]
        constraints = [models.UniqueConstraint(fields=["submission", "version", "paper"], name="submitted_paper_once")]


class SubmissionEvent(models.Model):
    """What happened to a submission: append-only (trigger), one row per action, with the digest that then stood."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["submission_id", "at", "id"]
        indexes = [models.Index(fields=["submission", "at", "id"], name="submission_event_order")]


class PaperText(models.Model):
    """The text of a paper of one period, a version each time it is saved; triggers refuse every later write. Written by
    ``reports.domain.paper_texts`` only.

    ``department``: whose it is, where each unit writes its own; None: the office's. ``paragraphs``: {key of a chapter:
    text with fields in braces}; one that is not in it is drafted from the data.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="paper_texts")
    period = models.CharField("期间", max_length=10)
    paper = models.CharField("材料", max_length=30)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField("版本")
    paragraphs = models.JSONField(default=dict)
    saved_at = models.DateTimeField("保存时间")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "period", "paper", "version"],
                condition=models.Q(department=None),
                name="paper_text_version",
            ),
            models.UniqueConstraint(
                fields=["campaign", "period", "paper", "department", "version"],
                condition=models.Q(department__isnull=False),
                name="unit_paper_text_version",
            ),
        ]


class OwnTemplate(models.Model):
    """自备模板: one version of the office's own form for a paper, as it was uploaded; triggers refuse every later
    write. Written by ``reports.domain.own_templates`` only.

    ``left_out``: what of the file does not come into the filled one, in words (text boxes, pictures, charts).
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="own_templates")
    paper = models.CharField("材料", max_length=30)
    version = models.PositiveIntegerField("版本")
    name = models.CharField("文件名", max_length=160)
    content = models.BinaryField()
    sha256 = models.CharField("校验值", max_length=64)
    left_out = models.JSONField(default=list)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["campaign", "paper", "version"], name="own_template_version")]


class TemplateUse(models.Model):
    """Which own template a paper of a campaign is written with, and who chose it; without a row or a template the
    product's own. Written by ``reports.domain.own_templates`` only."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    paper = models.CharField("材料", max_length=30)
    template = models.ForeignKey(OwnTemplate, on_delete=models.PROTECT, related_name="+", null=True)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "paper"], name="one_own_template_in_use")]


class PublicSheet(models.Model):
    """公开: one published version of a period released to everybody, or asked to be. ``state`` and ``version`` are
    written by ``reports.domain.public_sheet.lifecycle`` only.

    ``content`` is taken from the publication when it is asked for; ``page`` and ``workbook`` are made of it on release,
    and are answered as they are; ``digest`` is over all three. Triggers refuse a change of any of them after that, and
    every change of a sheet that has ended. ``reason``: why it was declined or revoked; the public never reads it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="public_sheets")
    state = models.CharField("状态", max_length=10, choices=PublicState.choices, default=PublicState.ASKED)
    version = models.PositiveIntegerField(default=1)
    content = models.JSONField()
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间")
    page = models.BinaryField(default=bytes)
    workbook = models.BinaryField(default=bytes)
    workbook_name = models.CharField("文件名", max_length=160, blank=True)
    digest = models.CharField("校验值", max_length=64, blank=True)
    released_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    released_at = models.DateTimeField("公开时间", null=True)
    reason = models.CharField("原因", max_length=500, blank=True)
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication"],
                condition=models.Q(state__in=[PublicState.ASKED, PublicState.RELEASED]),
                name="one_public_sheet",
            )
        ]


class PublicPicture(models.Model):
    """A photo of a public sheet, byte by byte as it was chosen when the sheet was asked for. Written by
    ``reports.domain.public_sheet.lifecycle`` only; triggers refuse every later write. The sheet's ``content`` names
    number, caption and ``sha256`` of each."""

    sheet = models.ForeignKey(PublicSheet, on_delete=models.PROTECT, related_name="pictures")
    number = models.PositiveSmallIntegerField("序号")
    content = models.BinaryField()
    sha256 = models.CharField("校验值", max_length=64)

    class Meta:
        ordering = ["sheet_id", "number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="public_picture_once")]


class PublicPlace(models.Model):
    """Where and when a public sheet was made known. Written by ``reports.domain.public_sheet.places`` only.

    ``link`` is kept and shown as text. A wrong row is struck out with a reason and stays; triggers refuse any other
    change.
    """

    sheet = models.ForeignKey(PublicSheet, on_delete=models.PROTECT, related_name="places")
    medium = models.CharField("刊发方式", max_length=10, choices=PublicMedium.choices)
    name = models.CharField("刊发载体", max_length=100)
    published_on = models.DateField("刊发日期")
    link = models.CharField("链接或版面", max_length=300, blank=True)
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    struck_reason = models.CharField("划去原因", max_length=500, blank=True)
    struck_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    struck_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sheet_id", "published_on", "id"]
