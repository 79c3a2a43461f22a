"""Access to 12345 figures, duty lists, random draws: rows of the policy, and the objects they ask for.

``objects(cast)`` → {kind: URL arguments} in the county of that cast; ``ABSENT`` the same with ids nobody ever gave.
"""

import uuid

from campaigns.domain import hotline
from campaigns.domain.hotline import TicketFigure
from campaigns.models import HotlineMonth
from catalogue.models import ServiceItem
from tests.access.policy import REGION, REPORT, THERE_READERS, UNIT, Access, Row, give, only
from tests.access.tables import UNREAD, staged_table
from tests.cast import NOON
from walks.domain.draws import draw, pool_of
from walks.models import Draw

SEED = "0123456789abcdef0123456789abcdef"
# The lead that receives 处投诉 and the office; of the other county its office alone is among the personas.
KEEPERS, KEEPERS_THERE = ("lead", "office"), ("office_other_county",)
DRAFT = Access(give(200, *KEEPERS), give(200, *KEEPERS_THERE))
# Unit, receiving lead, office and supervisors; the other county's lead is no persona.
DRAWS = Access(REPORT.own, give(200, "namesake", *THERE_READERS))

# A table whose columns are not named yet: of whoever sent it.
UNNAMED, UNNAMED_BARE = (
    Access(
        only(REGION, status, ("office",)).own | {"lead": 404}, only(REGION, status, (), ("office_other_county",)).other
    )
    for status in (200, 400)
)

ROWS: dict[str, Row] = {
    "hotline": Row("campaign", get=REGION),
    "hotline_import": Row(
        "campaign", get=only(REGION, 200, KEEPERS, KEEPERS_THERE), post=only(REGION, 400, KEEPERS, KEEPERS_THERE)
    ),
    "hotline_columns": Row("unread_hotline", get=UNNAMED, post=UNNAMED_BARE),
    "hotline_save": Row("campaign", post=only(REGION, 400, KEEPERS, KEEPERS_THERE)),
    "hotline_month": Row("hotline_issued", get=REGION, post=only(REGION, 409, KEEPERS, KEEPERS_THERE)),
    "hotline_month:draft": Row("hotline_draft", get=DRAFT, post=only(DRAFT, 400, KEEPERS, KEEPERS_THERE)),
    "hotline_issue": Row("hotline_draft", get=DRAFT, post=only(DRAFT, 400, KEEPERS, KEEPERS_THERE)),
    "hotline_issue:issued": Row(
        "hotline_issued",
        get=only(REGION, 409, KEEPERS, KEEPERS_THERE),
        post=only(REGION, 409, KEEPERS, KEEPERS_THERE),
    ),
    "hotline_export": Row("hotline_issued", get=REGION),
    "hotline_export:draft": Row("hotline_draft", get=DRAFT),
    "draws": Row(
        "campaign",
        get=REGION,
        post=only(REGION, 400, (*UNIT, "office"), ("namesake", "office_other_county")),
    ),
    "draws_export": Row("campaign", get=REGION),
    "draw": Row("draw", get=DRAWS),
}
ABSENT: dict[str, dict] = {
    "hotline_issued": {"code": "NICHTS", "month": "2022-05"},
    "hotline_draft": {"code": "NICHTS", "month": "2022-06"},
    "draw": {"code": "NICHTS", "pk": 9_999_999},
    "unread_hotline": {"code": "NICHTS", "pk": uuid.UUID(int=7)},
}


def objects(cast) -> dict[str, dict]:
    code = cast.campaign.code
    for month in ("2022-05", "2022-06"):
        figures = [TicketFigure(cast.unit.pk, cast.unit.name, 7, "低保", "民生")]
        hotline.save_figures(campaign=cast.campaign, month=month, figures=figures, file_name="", actor=cast.lead)
        found = HotlineMonth.objects.select_related("campaign").get(campaign=cast.campaign, month=month)
        hotline.choose(month=found, cut=1, tied=None, actor=cast.lead)
        if month == "2022-05":
            hotline.issue(month=found, seen=hotline.token_of(hotline.ranking(found)), actor=cast.lead)
    for name in ("婚姻登记证明", "高龄津贴申领"):
        ServiceItem.objects.create(department=cast.unit, name=name)
    pool = pool_of(cast.unit.pk)
    # A seed of its own making would tell two worlds apart that must be alike (tests/twin).
    record = Draw.objects.create(
        campaign=cast.campaign,
        department=cast.unit,
        month="2022-06",
        seed=SEED,
        pool=pool,
        drawn=draw(SEED, pool, 2),
        drawn_by=cast.office,
        drawn_at=NOON,
    )
    unread = UNREAD | {"campaign": cast.campaign.pk, "month": "2022-07"}
    return {
        "hotline_issued": {"code": code, "month": "2022-05"},
        "hotline_draft": {"code": code, "month": "2022-06"},
        "draw": {"code": code, "pk": record.pk},
        "unread_hotline": {"code": code, "pk": staged_table("hotline.head", cast.office, unread).pk},
    }
