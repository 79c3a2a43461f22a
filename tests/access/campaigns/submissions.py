"""Access to what units hand in for a period, and to needs: rows of the policy, and the objects they ask for.

``objects(cast)`` → {kind: URL arguments} in the county of that cast; ``ABSENT`` the same with ids nobody ever gave.
"""

import uuid
from datetime import datetime

from issues.domain.inspections import records
from issues.domain.slips import lifecycle as slips
from issues.models import Enquiry, EnquiryReply
from issues.tests.needing import needs_on
from reports.domain.compile import period_in
from reports.domain.submissions import lifecycle
from reports.models import SubmittedPaper
from tests.access.policy import (
    ABOVE,
    REGION,
    REPORT,
    REPORTED,
    SUMMARY,
    UNIT,
    WORKED_ON,
    Access,
    Row,
    api,
    give,
    only,
    page,
)
from tests.cast import TZ, issue_in

PERIOD = "2022-06"
SENT_AT = datetime(2022, 6, 20, 9, 0, tzinfo=TZ)
NAMESAKE = ("namesake",)
# The lead checks what its units hand in; where there is none in the other county's people, its office may not.
CHECK = (("lead",), ())
SEND = Access(give(200, *UNIT), give(200, *NAMESAKE))

ROWS: dict[str, Row] = {
    "submissions": Row("report", get=REPORT),
    "submissions_export": Row("report", get=REPORT),
    "submissions_bulk": Row("report", post=Access(dict.fromkeys(REPORT.own, 302), dict.fromkeys(REPORT.other, 302))),
    "submission_send": Row("submission_place", get=SEND, post=Access(give(400, *UNIT), give(400, *NAMESAKE))),
    "submission": Row("submission", get=REPORTED),
    "submission_paper": Row("submission", extra={"kind": "quarter-results"}, get=REPORTED),
    "submission_act:lock": Row(
        "submission", extra={"action": "lock"}, get=only(REPORTED, 200, *CHECK), post=only(REPORTED, 400, *CHECK)
    ),
    "submission_act:return": Row(
        "submission", extra={"action": "return"}, get=only(REPORTED, 200, *CHECK), post=only(REPORTED, 400, *CHECK)
    ),
}
# The unit that answers is the walking unit here; the lead and the office may name another.
NAME_UNIT = (("lead", "office"), ("office_other_county",))
# Who watches over issues chases; a unit does not.
BY_OFFICE = (("office",), ("office_other_county",))
SIGNING = ("office", "office_other_county", "office_city")
CHASING = ("lead", *SIGNING)
# Office and lead send an enquiry and read its answers; a unit reads what it is asked itself.
BY_LEAD_OR_OFFICE = (("lead", "office"), ("office_other_county",))
FOLLOWED = Access(give(200, *ABOVE), give(200, "office_other_county", "office_city"))
ASKED = REPORTED
ROWS |= {
    "chases": page(),
    "chases_export": page(),
    "issues_chase": Row(get=Access(give(200, *CHASING), rest=403), post=Access(give(400, *CHASING), rest=403)),
    "inspections": page(),
    "inspections_export": page(),
    "inspection": Row("inspection", get=SUMMARY, post=only(SUMMARY, 400, *BY_OFFICE)),
    "inspection_strike": Row("inspection", get=only(SUMMARY, 200, *BY_OFFICE), post=only(SUMMARY, 400, *BY_OFFICE)),
    # All of them work in more than one campaign; with one only it goes straight to the form.
    "incoming": Row(get=Access(give(200, "office_city", "office_other_county", "lead", "office"))),
    "incoming_add": Row("campaign", get=only(REGION, 200, *NAME_UNIT), post=only(REGION, 400, *NAME_UNIT)),
    "inspection_add": Row("campaign", get=only(REGION, 200, *BY_OFFICE), post=only(REGION, 400, *BY_OFFICE)),
    "enquiries": page(),
    "enquiries_export": page(),
    "enquiry": Row("enquiry", get=FOLLOWED),
    "enquiry_end": Row("enquiry", get=only(FOLLOWED, 200, *BY_OFFICE), post=only(FOLLOWED, 400, *BY_OFFICE)),
    "enquiry_chase": Row("enquiry", get=only(FOLLOWED, 200, *BY_OFFICE), post=only(FOLLOWED, 400, *BY_OFFICE)),
    "enquiry_send": Row(
        "slip_issue", get=only(WORKED_ON, 200, *BY_LEAD_OR_OFFICE), post=only(WORKED_ON, 400, *BY_LEAD_OR_OFFICE)
    ),
    "enquiry_reply": Row("enquiry_reply", get=ASKED),
    "enquiry_answer:none": Row(
        "enquiry_reply",
        extra={"action": "none"},
        get=only(ASKED, 200, UNIT, NAMESAKE),
        post=only(ASKED, 400, UNIT, NAMESAKE),
    ),
    "slips": page(),
    "slips_export": page(),
    "slip_proposals": Row(get=Access(give(200, *SIGNING), rest=403)),
    "slip_proposals_export": Row(get=Access(give(200, *SIGNING), rest=403)),
    "slip": Row("slip", get=WORKED_ON),
    "issue_letter": Row("slip_issue", extra={"kind": "slip"}, get=WORKED_ON),
    "slip_act:answer": Row(
        "slip",
        extra={"action": "answer"},
        get=only(WORKED_ON, 200, (*UNIT, "responsible"), NAMESAKE),
        post=only(WORKED_ON, 400, (*UNIT, "responsible"), NAMESAKE),
    ),
    "slip_sign": Row(
        "worked_on",
        get=only(WORKED_ON, 200, ("office",), ("office_other_county",)),
        post=only(WORKED_ON, 400, ("office",), ("office_other_county",)),
    ),
    "extensions": page(),
    "extensions_export": page(),
    "practices": page(),
    "practices_export": page(),
    "needs": page(),
    "needs_export": page(),
    "need": Row("need", get=REPORTED),
    "need_act:reply": Row(
        "need",
        extra={"action": "reply"},
        get=only(REPORTED, 200, UNIT, NAMESAKE),
        post=only(REPORTED, 400, UNIT, NAMESAKE),
    ),
    "need_act:assign": Row(
        "need", extra={"action": "assign"}, get=only(REPORTED, 200, *NAME_UNIT), post=only(REPORTED, 400, *NAME_UNIT)
    ),
}
# The list is that of a period: without one it is refused in words.
ROWS |= {
    "api-submission-list": Row(get=api(Access(rest=400))),
    "api-submission-detail": Row("submission", get=api(REPORTED)),
    "api-need-list": Row(get=api(Access(rest=200))),
    "api-need-detail": Row("need", get=api(REPORTED)),
}
ABSENT: dict[str, dict] = {
    "inspection": {"pk": uuid.UUID(int=7)},
    "slip": {"pk": uuid.UUID(int=7)},
    "enquiry": {"pk": uuid.UUID(int=7)},
    "enquiry_reply": {"pk": uuid.UUID(int=7)},
    "slip_issue": {"number": "QH2022-99999"},
    "need": {"pk": uuid.UUID(int=7)},
    "submission": {"pk": uuid.UUID(int=7)},
    "submission_place": {"code": "NICHTS", "period": PERIOD, "department": 9_999_999},
}


def objects(cast) -> dict[str, dict]:
    """What the unit sent for June, and the place from which it sends."""
    period = period_in(cast.campaign, PERIOD)
    [sent] = lifecycle.send(
        campaign=cast.campaign, period=period, unit_id=cast.unit.pk, actor=cast.liaison, now=SENT_AT
    )
    # L22 asks units for no paper of their own; a campaign by F16 would keep one.
    kept = {"name": "工作成果.docx", "content": b"PK", "sha256": "0" * 64}
    SubmittedPaper.objects.create(submission=sent, version=sent.version, paper="quarter-results", **kept)
    [need] = needs_on(cast, "希望周六开窗")
    slip = slips.sign(
        issue=issue_in(cast, "rectifying"), colour=1, demand="请办", jump_reason="提前", actor=cast.office, now=SENT_AT
    )
    inspected = records.record(
        campaign=cast.campaign, day=SENT_AT.date(), inspectors="某", units=[cast.unit], summary="好", actor=cast.office,
        now=SENT_AT,
    )  # fmt: skip
    asked = Enquiry.objects.create(
        issue=slip.issue, campaign=cast.campaign, department=cast.campaign.office, question="有无同类问题",
        reply_by=SENT_AT.date(), sent_by=cast.office, sent_at=SENT_AT,
    )  # fmt: skip
    EnquiryReply.objects.create(
        enquiry=asked, campaign=cast.campaign, department=cast.unit, reply_by=SENT_AT.date()
    )  # fmt: skip
    return {
        "enquiry": {"pk": asked.public_id},
        "enquiry_reply": {"pk": asked.replies.get().public_id},
        "need": {"pk": need.public_id},
        "inspection": {"pk": inspected.public_id},
        "slip": {"pk": slip.public_id},
        "slip_issue": {"number": slip.issue.number},
        "submission": {"pk": sent.public_id},
        "submission_place": {"code": cast.campaign.code, "period": PERIOD, "department": cast.unit.pk},
    }
