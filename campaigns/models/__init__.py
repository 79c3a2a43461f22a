from campaigns.models.campaign import Campaign, Deadline, PoolItem, Receiver, RosterEntry, RuleVersion
from campaigns.models.plans import Draw, HotlineMonth, HotlineRow, Plan, PlanEvent, PlanRow
from campaigns.models.walks import Clearance, Participant, Session, SessionEvent, StampedPage, Step, StepPhoto

__all__ = [
    "Campaign",
    "Clearance",
    "Deadline",
    "Draw",
    "HotlineMonth",
    "HotlineRow",
    "Participant",
    "Plan",
    "PlanEvent",
    "PlanRow",
    "PoolItem",
    "Receiver",
    "RosterEntry",
    "RuleVersion",
    "Session",
    "SessionEvent",
    "StampedPage",
    "Step",
    "StepPhoto",
]
