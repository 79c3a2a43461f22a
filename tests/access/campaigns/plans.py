"""Access to plans of the units: rows of the policy, and the objects they ask for.

``objects(cast)`` → {kind: URL arguments} in the county of that cast; ``ABSENT`` the same with ids nobody ever gave.
"""

from tests.access.policy import Row

ROWS: dict[str, Row] = {}
ABSENT: dict[str, dict] = {}


def objects(cast) -> dict[str, dict]:
    return {}
