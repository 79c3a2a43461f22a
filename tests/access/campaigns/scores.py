"""Access to the scores of a period: a campaign of its own that scores, because the cast's does not."""

from datetime import date

from campaigns.domain.lifecycle import draft, edit_rules, issue, token_of
from campaigns.domain.setup import working_version
from campaigns.models import Campaign
from scoring.models import ScoreNote, ScoreObjection
from tests.access.policy import REPORT, UNIT, Access, Row, give, only
from tests.cast import NOON

WRITERS = (("office",), ("office_other_county",))
OWN = (UNIT, ("namesake",))
STEP = {"get": only(REPORT, 200, *WRITERS), "post": only(REPORT, 400, *WRITERS)}
ROWS: dict[str, Row] = {
    "scores": Row("scored", get=REPORT),
    "score_f13": Row("scored", get=REPORT),
    "score_settle": Row("scored", **STEP),
    "score_sheet": Row("scored_unit", get=REPORT),
    "score_object": Row("scored_unit", get=only(REPORT, 200, *OWN), post=only(REPORT, 400, *OWN)),
    "score_note": Row("scored_unit", **STEP),
    "score_step": Row("score_objection", **STEP),
    # A manual point nobody has agreed to yet is known to the office alone.
    "score_step:note": Row(
        "score_note",
        get=Access(give(200, "office"), give(200, "office_other_county")),
        post=Access(give(400, "office"), give(400, "office_other_county")),
    ),
}
PERIOD = "2022-06"
POINT = "按时限完成整改"
NOWHERE = {"code": "NICHTS", "period": PERIOD}
ABSENT: dict[str, dict] = {
    "scored": NOWHERE,
    "scored_unit": NOWHERE | {"unit": 9_999_999},
    "score_objection": NOWHERE | {"kind": "objection", "pk": 9_999_999, "action": "agree"},
    "score_note": NOWHERE | {"kind": "note", "pk": 9_999_999, "action": "agree"},
}


def objects(cast) -> dict[str, dict]:
    campaign = _scoring(cast)
    about = {"campaign": campaign, "period": PERIOD, "department": cast.unit, "point": POINT, "text": "情况"}
    objection = ScoreObjection.objects.create(made_by=cast.liaison, made_at=NOON, **about)
    note = ScoreNote.objects.create(made_by=cast.principal, made_at=NOON, amount=10, **about)
    place = {"code": campaign.code, "period": PERIOD}
    return {
        "scored": place,
        "scored_unit": place | {"unit": cast.unit.pk},
        "score_objection": place | {"kind": "objection", "pk": objection.pk, "action": "agree"},
        "score_note": place | {"kind": "note", "pk": note.pk, "action": "agree"},
    }


def _scoring(cast) -> Campaign:
    campaign = draft(
        template="lantian-2022",
        code=f"PF-{cast.county.pk}",
        name="评分活动",
        office=cast.campaign.office,
        start=date(2022, 5, 25),
        end=date(2022, 12, 31),
        actor=cast.office,
    )
    seen = token_of(working_version(campaign)[1], "scoring")
    edit_rules(campaign=campaign, group="scoring", values={"on": True}, actor=cast.office, seen=seen)
    issue(campaign=campaign, actor=cast.office, needs_units=False)
    return campaign
