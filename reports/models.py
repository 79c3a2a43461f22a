"""Compiled and published periods. Reads everything, is read by nobody."""

from datetime import date

from django.conf import settings
from django.db import models

from campaigns.models import Campaign
from core.periods import Period, period_with_days


class SummaryState(models.TextChoices):
    COLLECTING = "collecting", "收集中"
    COMPILED = "compiled", "已汇总"
    LOCKED = "locked", "已锁定"
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
    rows counted, as ``reports.domain.snapshot`` gives them; ``names`` those of units and items it went out with
    (``reports.domain.names``); ``changed_earlier`` says, a line each, what has changed in the periods published before
    (期后变动); ``digest`` is over figures, rows, these lines and digests of the files.
    """

    summary = models.OneToOneField(Summary, on_delete=models.PROTECT, related_name="publication")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="publications")
    period = models.CharField("期间", max_length=10)
    version = models.PositiveSmallIntegerField("印发版次")
    rows = models.JSONField()
    names = models.JSONField(default=dict)
    changed_earlier = models.JSONField("期后变动", default=list)
    digest = models.CharField(max_length=64)
    reason = models.CharField("更正原因", max_length=500, blank=True)
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


class PaperText(models.Model):
    """The office's text of a paper of one period, a version each time it is saved; triggers refuse every later write.
    Written by ``reports.domain.paper_texts`` only.

    ``paragraphs``: {key of a chapter: text with fields in braces}; one that is not in it is drafted from the data.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="paper_texts")
    period = models.CharField("期间", max_length=10)
    paper = models.CharField("材料", max_length=30)
    version = models.PositiveIntegerField("版本")
    paragraphs = models.JSONField(default=dict)
    saved_at = models.DateTimeField("保存时间")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "period", "paper", "version"], name="paper_text_version")
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
    """Which own template a paper of a campaign is written with; without a row the product's own. Written by
    ``reports.domain.own_templates`` only."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    paper = models.CharField("材料", max_length=30)
    template = models.ForeignKey(OwnTemplate, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "paper"], name="one_own_template_in_use")]
