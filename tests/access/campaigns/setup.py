"""Access to setting up a campaign: rows of the policy, and the objects they ask for.

``objects(cast)`` → {kind: URL arguments} in the county of that cast; ``ABSENT`` the same with ids nobody ever gave.
"""

from tests.access.policy import REGION, Row, page

ROWS: dict[str, Row] = {
    "campaigns": page(),
    "campaign": Row("campaign", get=REGION),
}
ABSENT: dict[str, dict] = {}


def objects(cast) -> dict[str, dict]:
    return {}
