"""Access to plan against done, coverage, must-walk items: rows of the policy, and the objects they ask for.

``objects(cast)`` → {kind: URL arguments} in the county of that cast; ``ABSENT`` the same with ids nobody ever gave.
"""

from campaigns.models import PoolItem
from tests.access.policy import REGION, Row, only

WRITERS = (("office",), ("office_other_county",))
ROWS: dict[str, Row] = {
    "board": Row("campaign", get=REGION),
    "coverage": Row("campaign", get=REGION),
    "coverage_export": Row("campaign", get=REGION),
    "pool": Row("campaign", get=REGION),
    "pool_add": Row("campaign", get=only(REGION, 200, *WRITERS), post=only(REGION, 400, *WRITERS)),
    "pool_import": Row("campaign", get=only(REGION, 200, *WRITERS), post=only(REGION, 400, *WRITERS)),
    "pool_remove": Row("pool_item", post=only(REGION, 302, *WRITERS)),
}
ABSENT: dict[str, dict] = {"pool_item": {"code": "NICHTS", "pk": 9_999_999}}


def objects(cast) -> dict[str, dict]:
    row = PoolItem.objects.create(campaign=cast.campaign, item=cast.item, provenance="leader")
    return {"pool_item": {"code": cast.campaign.code, "pk": row.pk}}
