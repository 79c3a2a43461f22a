"""Access to covert walks: rows of the policy, and the objects they ask for.

``objects(cast)`` → {kind: URL arguments} in the county of that cast; ``ABSENT`` the same with ids nobody ever gave.
A covert walk exists for the people named alone: the walker (``principal``), in 白石县 somebody outside the personas.
"""

import uuid
from datetime import timedelta

from django.utils import timezone

from tests.access.policy import Access, Row, api, give
from tests.cast import NOON
from walks.domain import opening

WALKER = ("principal",)
COVERT = Access(give(200, *WALKER))
REFUSED_BY_FORM = Access(give(400, *WALKER))

ROWS: dict[str, Row] = {
    "walk_covert_add": Row(get=Access(give(200, *WALKER), rest=403), post=Access(give(400, *WALKER), rest=403)),
    "walk:covert": Row("covert", get=COVERT),
    "walk_step_add:covert": Row("covert", get=Access(give(409, *WALKER)), post=Access(give(409, *WALKER))),
    "walk_begin": Row("covert", post=REFUSED_BY_FORM),
    "walk_postpone": Row("covert", get=COVERT, post=REFUSED_BY_FORM),
    "walk_readers": Row("covert", get=COVERT, post=REFUSED_BY_FORM),
    "walk_act:covert": Row("covert", extra={"verb": "cancel"}, get=COVERT, post=REFUSED_BY_FORM),
    "api-walk-detail:covert": Row("covert", get=api(COVERT)),
}
ABSENT: dict[str, dict] = {"covert": {"pk": uuid.UUID(int=7)}}


def objects(cast) -> dict[str, dict]:
    walk = opening.plan_covert(
        opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=cast.item, mode="in_person"),
        actor=cast.principal,
        planned_on=timezone.localtime(NOON + timedelta(days=3)).date(),
        now=NOON,
    )
    return {"covert": {"pk": walk.pk}}
