from issues.models.chase import Chase
from issues.models.cooperation import Cooperation
from issues.models.enquiry import Enquiry, EnquiryEvent, EnquiryReply
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
from issues.models.lookback import LookBack, LookBackDraw, LookBackRequest, LookBackTicket
from issues.models.saved import SavedView
from issues.models.slip import Slip, SlipEvent, SlipSequence

__all__ = [
    "BulkChange",
    "Chase",
    "Cooperation",
    "Enquiry",
    "EnquiryEvent",
    "EnquiryReply",
    "EvidenceOpening",
    "Extension",
    "Incoming",
    "Inspection",
    "Issue",
    "IssueEvent",
    "IssueEvidence",
    "IssueRound",
    "LookBack",
    "LookBackDraw",
    "LookBackRequest",
    "LookBackTicket",
    "Measure",
    "Need",
    "NeedEvent",
    "NeedSubject",
    "NumberSequence",
    "SavedView",
    "Slip",
    "SlipEvent",
    "SlipSequence",
]
