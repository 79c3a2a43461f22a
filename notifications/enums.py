"""The choices of notices, and of the channels by which people outside the system learn of them."""

from django.db import models


class Reach(models.TextChoices):
    """Who learns outside the system that a notice waits, and when: none of its text ever leaves the system."""

    DIGEST = "digest", "每日汇总"
    AT_ONCE = "at_once", "即时"
    INSIDE = "inside", "仅站内"


class ChannelKind(models.TextChoices):
    """By what messages leave the system; each is off until 系统管理员 sets it up."""

    EMAIL = "email", "电子邮件"
    WECOM = "wecom", "企业微信群机器人"
    DINGTALK = "dingtalk", "钉钉群机器人"
    FEISHU = "feishu", "飞书群机器人"


class DeliveryKind(models.TextChoices):
    DIGEST = "digest", "每日汇总"
    AT_ONCE = "at_once", "即时通知"
    TEST = "test", "测试"


class DeliveryState(models.TextChoices):
    """States of a delivery; the one writer is ``notifications.domain.sending``."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    DEAD = "dead", "未能送达"
