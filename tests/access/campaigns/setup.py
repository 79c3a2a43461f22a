"""Access to setting up a campaign: rows of the policy, and the objects they ask for.

``objects(cast)`` → {kind: URL arguments} in the county of that cast; ``ABSENT`` the same with ids nobody ever gave.
"""

from datetime import date

from accounts.enums import DepartmentKind
from accounts.models import Department
from campaigns.domain.lifecycle import draft
from tests.access.policy import REGION, Access, Row, api, give, only, page

OFFICES = ("office", "office_other_county", "office_city")
# A draft exists for the office that draws it up, and for nobody else.
DRAFT = Access(give(200, "office"), give(200, "office_other_county"))
DRAFT_POST = Access(give(400, "office"), give(400, "office_other_county"))
THE_OFFICE = (("office",), ("office_other_county",))


def of_office(status: int) -> Access:
    """What everybody sees of an issued campaign, only its own office does."""
    return only(REGION, status, *THE_OFFICE)


ROWS: dict[str, Row] = {
    "campaigns": page(),
    "campaign": Row("campaign", get=REGION),
    "campaign_units": Row("campaign", get=REGION),
    "campaign_clauses": Row("campaign", get=REGION),
    "campaign:draft": Row("campaign_draft", get=DRAFT),
    # A form is always sent to the address that names the notice.
    "campaign_new": Row(get=Access(give(200, *OFFICES), rest=403), post=Access(give(404, *OFFICES), rest=403)),
    "campaign_setup": Row("campaign", get=of_office(200)),
    "campaign_setup:draft": Row("campaign_draft", get=DRAFT),
    # Number and date of the paper are still open once a campaign is issued.
    "campaign_head": Row("campaign", get=of_office(200), post=of_office(400)),
    "campaign_head:draft": Row("campaign_draft", get=DRAFT, post=DRAFT_POST),
    "campaign_rules": Row("campaign", extra={"group": "cadence"}, get=of_office(409), post=of_office(409)),
    "campaign_rules:draft": Row("campaign_draft", extra={"group": "rectification"}, get=DRAFT, post=DRAFT_POST),
    "campaign_rules:no_such_group": Row("campaign_draft", extra={"group": "nichts"}, get=Access(), post=Access()),
    "campaign_roster": Row("campaign", get=of_office(200), post=of_office(400)),
    "campaign_roster:draft": Row("campaign_draft", get=DRAFT, post=DRAFT_POST),
    "campaign_receivers": Row("campaign", get=of_office(200), post=of_office(400)),
    "campaign_receivers:draft": Row("campaign_draft", get=DRAFT, post=DRAFT_POST),
    "campaign_preview": Row("campaign", get=REGION),
    "campaign_preview:draft": Row("campaign_draft", get=DRAFT),
    "campaign_deadline": Row("campaign_deadline", post=of_office(400)),
    "campaign_issue": Row("campaign", get=of_office(409), post=of_office(409)),
    "campaign_issue:draft": Row("campaign_draft", get=DRAFT, post=DRAFT_POST),
    "campaign_amend": Row("campaign", get=of_office(200), post=of_office(400)),
    # The campaign runs on, so that it cannot be summed up yet (home/tests/test_campaign_end.py).
    "campaign_finish": Row("campaign", extra={"verb": "summarise"}, get=of_office(409), post=of_office(409)),
    "campaign_finish:archive": Row("campaign", extra={"verb": "archive"}, get=of_office(409), post=of_office(409)),
    "api-campaign-end": Row("campaign", extra={"act": "archive"}, get=api(of_office(409)), post=api(of_office(409))),
    "campaign_copy": Row("campaign", get=of_office(200), post=of_office(400)),
    "campaign_discard": Row("campaign", post=of_office(400)),
}
ABSENT: dict[str, dict] = {
    "campaign_draft": {"code": "NICHTS"},
    "campaign_deadline": {"code": "NICHTS", "pk": 9_999_999},
}


def objects(cast) -> dict[str, dict]:
    office = Department.objects.get(region=cast.county, kind=DepartmentKind.OFFICE)
    drafted = draft(
        template="lantian-2022",
        code=f"{cast.campaign.code}-D",
        name="下一年度活动",
        office=office,
        start=date(2023, 1, 1),
        end=date(2023, 12, 31),
        actor=cast.office,
    )
    deadline = cast.campaign.deadlines.first()
    return {
        "campaign_draft": {"code": drafted.code},
        "campaign_deadline": {"code": cast.campaign.code, "pk": deadline.pk},
    }
