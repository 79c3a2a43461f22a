"""Access to plan against done, coverage, must-walk items: rows of the policy, and the objects they ask for.

``objects(cast)`` → {kind: URL arguments} in the county of that cast; ``ABSENT`` the same with ids nobody ever gave.
"""

from datetime import date

from campaigns.models import PoolItem
from core.models import CalendarDay
from tests.access.policy import REGION, REPORT, Access, Row, give, only

WRITERS = (("office",), ("office_other_county",))
ROWS: dict[str, Row] = {
    "board": Row("campaign", get=REGION),
    "board_plans": Row("campaign", get=REGION),
    "board_walks": Row("campaign", get=REGION),
    "board_plans_export": Row("campaign", get=REGION),
    "board_export": Row("campaign", get=REGION),
    "board_walks_export": Row("campaign", get=REGION),
    "contacts": Row("campaign", get=REPORT),
    "contacts_unmask": Row("campaign", get=REPORT, post=Access(give(400, *REPORT.own), give(400, *REPORT.other))),
    "coverage": Row("campaign", get=REGION),
    "coverage_export": Row("campaign", get=REGION),
    "pool": Row("campaign", get=REGION),
    "pool_export": Row("campaign", get=REGION),
    "pool_add": Row("campaign", get=only(REGION, 200, *WRITERS), post=only(REGION, 400, *WRITERS)),
    "pool_import": Row("campaign", get=only(REGION, 200, *WRITERS), post=only(REGION, 400, *WRITERS)),
    "pool_remove": Row("pool_item", post=only(REGION, 302, *WRITERS)),
    # The calendar is one for all regions; business people do not see it.
    "calendar": Row(get=Access(give(200, "sysadmin"))),
    "calendar_day": Row(get=Access(give(200, "sysadmin")), post=Access(give(400, "sysadmin"))),
    "calendar_year": Row(get=Access(give(200, "sysadmin")), post=Access(give(400, "sysadmin"))),
    "calendar_day_remove": Row("edited_day", post=Access(give(302, "sysadmin"), give(302, "sysadmin"))),
}
ABSENT: dict[str, dict] = {
    "pool_item": {"code": "NICHTS", "pk": 9_999_999},
    "edited_day": {"day": "2031-05-05"},
}


def objects(cast) -> dict[str, dict]:
    row = PoolItem.objects.create(campaign=cast.campaign, item=cast.item, provenance="leader")
    # A Sunday, so that nothing is due on another day because of it.
    CalendarDay.objects.get_or_create(date=date(2031, 5, 4), defaults={"is_workday": False})
    return {"pool_item": {"code": cast.campaign.code, "pk": row.pk}, "edited_day": {"day": "2031-05-04"}}
