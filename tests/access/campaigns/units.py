"""Access to the units and their end: rows of the policy, and the objects they ask for.

``objects(cast)`` → {kind: URL arguments} in the county of that cast; ``ABSENT`` the same with ids nobody ever gave.
"""

import uuid

from django.utils import timezone

from accounts.models import Department, UnitChange
from tests.access.policy import READERS, THERE, UNIT, Access, Row, give

# The system administrator keeps the units of every region; business people do not see the pages.
LIST = Access(give(200, "sysadmin"))
SHOWN, BARE = (Access(give(status, "sysadmin"), give(status, "sysadmin")) for status in (200, 400))
SETTLED = Access(give(409, "sysadmin"), give(409, "sysadmin"))

ROWS: dict[str, Row] = {
    "units": Row(get=LIST),
    "unit_abolish": Row("unit", get=SHOWN, post=BARE),
    "unit_abolish:abolished": Row("abolished_unit", get=SETTLED, post=SETTLED),
    "unit_restore": Row("abolished_unit", get=SHOWN, post=BARE),
    **{name: Row("unit", get=SHOWN, post=BARE) for name in ("unit_rename", "unit_merge", "unit_split")},
    **{f"{name}:abolished": Row("abolished_unit", get=SETTLED, post=SETTLED) for name in ("unit_rename", "unit_merge")},
    "unit_changes": Row(get=LIST),
    "unit_changes_export": Row(get=LIST),
    # Who makes them, the unit itself and who reads it from above.
    "unit_change": Row(
        "unit_change",
        get=Access(give(200, "sysadmin", *UNIT, "responsible", "lead", *READERS), give(200, "sysadmin", *THERE)),
    ),
    "unit_restore:active": Row("unit", get=SETTLED, post=SETTLED),
}
ABSENT: dict[str, dict] = {"unit": {"pk": 9_999_999}, "abolished_unit": {"pk": 9_999_999}} | {
    "unit_change": {"pk": uuid.UUID(int=7)}
}


def objects(cast) -> dict[str, dict]:
    gone = Department.objects.create(
        region=cast.county, name="县物价局", order=90, is_active=False, abolished_on="2022-05-01", abolished_by="县委文"
    )
    made = UnitChange.objects.create(
        kind="renamed", region=cast.county, before=["县民政局"], after=["县民政和养老局"], effective_on="2022-06-01",
        document="县委文", made_by=cast.office, made_at=timezone.now(),
    )  # fmt: skip
    made.units.add(cast.unit)
    return {"unit": {"pk": cast.unit.pk}, "abolished_unit": {"pk": gone.pk}, "unit_change": {"pk": made.public_id}}
