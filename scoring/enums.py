"""The choices of objections to scores and of manual points."""

from django.db import models


class ScoreState(models.TextChoices):
    """Of an objection (申诉) and of a note (人工评定): one waits for the other side, the rest are ends."""

    OPEN = "open", "待办理"
    AGREED = "agreed", "已采纳"
    REFUSED = "refused", "未采纳"
    TAKEN_BACK = "taken_back", "已撤回"


class ScoreActor(models.TextChoices):
    UNIT = "unit", "被评单位"
    OFFICE = "office", "统筹办"
    OTHER_OFFICE = "other_office", "统筹办另一人"
    AUTHOR = "author", "经办人本人"
