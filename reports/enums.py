"""The choices of a unit's 报送 of a period, and of what is released to the public."""

from django.db import models


class SubmissionState(models.TextChoices):
    """报送 states. The one writer is ``reports.domain.submissions.lifecycle``, which follows its ``transitions``."""

    TO_SEND = "to_send", "待报送"
    SENT = "sent", "已报送"
    RETURNED = "returned", "已退回"
    LOCKED = "locked", "已锁定"
    SENT_ON = "sent_on", "已汇总上报"
    RECEIVED = "received", "已接收"


# With the unit: nothing stands with the side that checks.
WITH_UNIT = (SubmissionState.TO_SEND, SubmissionState.RETURNED)


class SubmissionContent(models.TextChoices):
    """What was sent. ``NONE``: the unit walked, but nothing that goes to this receiver."""

    PACK = "pack", "材料"
    ZERO = "zero", "零报告"
    NONE = "none", "本类无活动"


class SubmissionActor(models.TextChoices):
    """In which part a person acts on a submission; who holds which is decided in ``reports.rules``."""

    UNIT = "unit", "报送单位"
    CHECKER = "checker", "审核单位"
    OFFICE = "office", "统筹办"


class PublicState(models.TextChoices):
    """公开 of a published period. The one writer is ``reports.domain.public_sheet.lifecycle``."""

    ASKED = "asked", "待审核公开"
    RELEASED = "released", "已公开"
    DECLINED = "declined", "未公开"
    REVOKED = "revoked", "已撤回"


# Known outside the office: what is public, and what was.
WAS_PUBLIC = (PublicState.RELEASED, PublicState.REVOKED)


class PublicActor(models.TextChoices):
    """``SECOND``: somebody of the office who neither published the period nor asked for its release."""

    OFFICE = "office", "统筹办"
    SECOND = "second", "统筹办另一人"


class PublicMedium(models.TextChoices):
    """Where a public sheet was made known (F16 三（二）: 政府网站和新闻媒体)."""

    WEBSITE = "website", "网站"
    ACCOUNT = "account", "公众号"
    NEWSPAPER = "newspaper", "日报"
    OTHER = "other", "其他"
