"""Access to the units and their end: rows of the policy, and the objects they ask for.

``objects(cast)`` → {kind: URL arguments} in the county of that cast; ``ABSENT`` the same with ids nobody ever gave.
"""

from accounts.models import Department
from tests.access.policy import Access, Row, give

# The system administrator keeps the units of every region; business people do not see the pages.
LIST = Access(give(200, "sysadmin"))
SHOWN, BARE = (Access(give(status, "sysadmin"), give(status, "sysadmin")) for status in (200, 400))
SETTLED = Access(give(409, "sysadmin"), give(409, "sysadmin"))

ROWS: dict[str, Row] = {
    "units": Row(get=LIST),
    "unit_abolish": Row("unit", get=SHOWN, post=BARE),
    "unit_abolish:abolished": Row("abolished_unit", get=SETTLED, post=SETTLED),
    "unit_restore": Row("abolished_unit", get=SHOWN, post=BARE),
    "unit_restore:active": Row("unit", get=SETTLED, post=SETTLED),
}
ABSENT: dict[str, dict] = {"unit": {"pk": 9_999_999}, "abolished_unit": {"pk": 9_999_999}}


def objects(cast) -> dict[str, dict]:
    gone = Department.objects.create(
        region=cast.county, name="县物价局", order=90, is_active=False, abolished_on="2022-05-01", abolished_by="县委文"
    )
    return {"unit": {"pk": cast.unit.pk}, "abolished_unit": {"pk": gone.pk}}
