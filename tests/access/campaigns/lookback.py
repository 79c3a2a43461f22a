"""Access to 回头看: rows of the policy, and the objects they ask for; as ``submissions`` beside it."""

import uuid
from datetime import date, datetime

from issues.models import Issue, LookBack, LookBackDraw, LookBackRequest
from tests.access.policy import ABOVE, READERS, REGION, SUMMARY, THERE, UNIT, WALK, Access, Row, give, only, page
from tests.cast import NOON, TZ, open_walk, reported_walk

MOMENT = datetime(2022, 6, 20, 9, 0, tzinfo=TZ)
NAMESAKE = ("namesake",)
BY_OFFICE = (("office",), ("office_other_county",))
# Found by the unit, rectified by another: its rectification owner has no part in it.
FOUND = Access(give(200, *UNIT, *ABOVE), give(200, "namesake", "office_other_county", "office_city"))
ASKED = Access(give(200, *UNIT, *READERS), give(200, *THERE))
SENT = Access(give(400, *UNIT), give(400, *NAMESAKE))

ROWS: dict[str, Row] = {
    "look_backs": page(),
    "look_backs_export": page(),
    "look_back_draw": Row("campaign", get=only(REGION, 200, *BY_OFFICE), post=only(REGION, 400, *BY_OFFICE)),
    "look_back_drawn": Row("look_back_draw", get=SUMMARY),
    "look_back_start": Row(
        "looked_back_on", get=only(FOUND, 200, UNIT, NAMESAKE), post=only(FOUND, 400, UNIT, NAMESAKE)
    ),
    "look_back_ask": Row("looked_back_on", get=only(FOUND, 200, *BY_OFFICE), post=only(FOUND, 400, *BY_OFFICE)),
    "look_back_requests": page(),
    "look_back_requests_export": page(),
    "look_back_request": Row("look_back_request", get=ASKED, post=only(ASKED, 400, UNIT, NAMESAKE)),
    "look_back_request_withdraw": Row(
        "look_back_request", get=only(ASKED, 200, *BY_OFFICE), post=only(ASKED, 400, *BY_OFFICE)
    ),
    "walk_look_back_add": Row("walk", get=WALK, post=SENT),
    "walk_look_back:judge": Row("look_back", extra={"action": "judge"}, get=WALK, post=SENT),
}
ABSENT: dict[str, dict] = {
    "look_back_draw": {"pk": uuid.UUID(int=7)},
    "look_back_request": {"pk": uuid.UUID(int=7)},
    "looked_back_on": {"number": "QH2022-99999"},
    "look_back": {"pk": uuid.UUID(int=7), "look_back_id": uuid.UUID(int=8)},
}


def objects(cast) -> dict[str, dict]:
    """Issues struck off in May: one waits for 回头看, one has a walk, of one a unit is asked; and a draw."""
    found = {"state": "closed", "responsible_department": cast.campaign.office, "closed_on": date(2022, 5, 1)}
    issues = []
    for _ in range(3):
        _, [issue] = reported_walk(cast)
        Issue.objects.filter(pk=issue.pk).update(track="on_spot", **found)
        issues.append(issue)
    bound = LookBack.objects.create(
        issue=issues[1], walk=open_walk(cast), round=1, bound_by=cast.principal, bound_at=NOON
    )  # fmt: skip
    asked = LookBackRequest.objects.create(
        issue=issues[2], campaign=cast.campaign, round=1, department=cast.unit, due_on=date(2022, 6, 30),
        asked_by=cast.office, asked_at=MOMENT,
    )  # fmt: skip
    drawn = LookBackDraw.objects.create(
        campaign=cast.campaign, number=1, share=20, seed="0" * 32, population=[issues[0].number],
        chosen=[issues[0].number], drawn_by=cast.office, drawn_at=MOMENT,
    )  # fmt: skip
    return {
        "looked_back_on": {"number": issues[0].number},
        "look_back_request": {"pk": asked.public_id},
        "look_back": {"pk": bound.walk_id, "look_back_id": bound.public_id},
        "look_back_draw": {"pk": drawn.public_id},
    }
