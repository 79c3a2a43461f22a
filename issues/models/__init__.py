from issues.models.chase import Chase
from issues.models.extension import Extension
from issues.models.incoming import Incoming
from issues.models.inspection import Inspection
from issues.models.ledger import (
    BulkChange,
    EvidenceOpening,
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
from issues.models.slip import Slip, SlipEvent, SlipSequence

__all__ = [
    "BulkChange",
    "Chase",
    "EvidenceOpening",
    "Extension",
    "Incoming",
    "Inspection",
    "Issue",
    "IssueEvent",
    "IssueEvidence",
    "IssueRound",
    "Measure",
    "Need",
    "NeedEvent",
    "NeedSubject",
    "NumberSequence",
    "Slip",
    "SlipEvent",
    "SlipSequence",
]
