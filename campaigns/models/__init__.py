from campaigns.models.campaign import Campaign, Deadline, PoolItem, Receiver, RosterEntry, RuleVersion
from campaigns.models.heads import HeadMapping
from campaigns.models.hotline import HotlineMonth, HotlineRow

__all__ = [
    "Campaign",
    "Deadline",
    "HeadMapping",
    "HotlineMonth",
    "HotlineRow",
    "PoolItem",
    "Receiver",
    "RosterEntry",
    "RuleVersion",
]
