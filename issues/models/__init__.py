from issues.models.extension import Extension
from issues.models.ledger import (
    Issue,
    IssueEvent,
    IssueEvidence,
    IssueRound,
    Measure,
    Need,
    NeedEvent,
    NeedSubject,
    NumberSequence,
)

__all__ = [
    "Extension",
    "Issue",
    "IssueEvent",
    "IssueEvidence",
    "IssueRound",
    "Measure",
    "Need",
    "NeedEvent",
    "NeedSubject",
    "NumberSequence",
]
