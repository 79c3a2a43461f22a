"""Access to plans of the units: rows of the policy, and the objects they ask for.

``objects(cast)`` → {kind: URL arguments} in the county of that cast; ``ABSENT`` the same with ids nobody ever gave.
"""

from datetime import date, datetime

from plans.domain import lifecycle as plan_lifecycle
from plans.domain.rows import RowDraft
from tests.access.policy import REPORTED, UNIT, WALK, Access, Row, api, give, only, page
from tests.cast import NOON, TZ

NAMESAKE = ("namesake",)
RECEIVE = (("lead", "office"), ("office_other_county",))
NOBODY = 9_999_999
TOLD = Access(dict.fromkeys(REPORTED.own, 400), dict.fromkeys(REPORTED.other, 400))

ROWS: dict[str, Row] = {
    "plans": page(),
    "plans_export": page(),
    "plan_start": Row(post=Access(give(302, *UNIT, *NAMESAKE), rest=403)),
    "plan": Row("plan", get=WALK),
    "plan:submitted": Row("plan_submitted", get=REPORTED),
    "plan_edit": Row("plan", get=WALK, post=only(WALK, 400, UNIT, NAMESAKE)),
    "plan_import": Row("plan", get=WALK, post=only(WALK, 400, UNIT, NAMESAKE)),
    "plan_template": Row("plan", get=WALK),
    "plan_export": Row("plan", get=WALK),
    "plan_export:submitted": Row("plan_submitted", get=REPORTED),
    # L22 files no plan and asks for no 报备: who sees the plan is told so, nobody else learns of it.
    "plan_letter": Row("plan_submitted", get=TOLD),
    "plan_notice_letter": Row("plan_row", get=TOLD),
    "plan_act:submit": Row("plan", extra={"verb": "submit"}, get=WALK, post=only(WALK, 400, UNIT, NAMESAKE)),
    "plan_act:file": Row(
        "plan_submitted",
        extra={"verb": "file"},
        get=only(REPORTED, 200, *RECEIVE),
        post=only(REPORTED, 400, *RECEIVE),
    ),
    "plan_act:return": Row(
        "plan_submitted",
        extra={"verb": "return"},
        get=only(REPORTED, 200, *RECEIVE),
        post=only(REPORTED, 400, *RECEIVE),
    ),
    "plan_act:adjust": Row(
        "plan_filed",
        extra={"verb": "adjust"},
        get=only(REPORTED, 200, UNIT, NAMESAKE),
        post=only(REPORTED, 400, UNIT, NAMESAKE),
    ),
    "plan_act:discard": Row("plan_adjusted", extra={"verb": "discard"}, get=WALK, post=only(WALK, 400, UNIT, NAMESAKE)),
    "plan_notice": Row("plan_row", get=only(REPORTED, 200, UNIT, NAMESAKE), post=only(REPORTED, 400, UNIT, NAMESAKE)),
    # Without its key the press is refused in words, on the page of the plan.
    "plan_row_start": Row("plan_row", post=only(REPORTED, 302, UNIT, NAMESAKE)),
    "api-plan-list": Row(get=api(Access(rest=200))),
    "api-plan-detail": Row("plan", get=api(WALK)),
    "api-plan-detail:submitted": Row("plan_submitted", get=api(REPORTED)),
}
ABSENT: dict[str, dict] = {
    **{kind: {"pk": NOBODY} for kind in ("plan", "plan_submitted", "plan_filed", "plan_adjusted")},
    "plan_row": {"pk": NOBODY, "row_id": NOBODY},
}


def objects(cast) -> dict[str, dict]:
    """A draft of June, a plan handed in for July, one filed for August with its row, the adjustment of September's."""
    draft, submitted, filed, adjusted = (_plan(cast, month) for month in (6, 7, 8, 9))
    for plan in (submitted, filed, adjusted):
        plan_lifecycle.perform(plan=plan, action="submit", actor=cast.liaison, now=NOON)
    for plan in (filed, adjusted):
        plan_lifecycle.perform(plan=plan, action="file", actor=cast.office, now=NOON)
    adjustment = plan_lifecycle.perform(plan=adjusted, action="adjust", actor=cast.liaison, note="改期", now=NOON)
    return {
        "plan": {"pk": draft.pk},
        "plan_submitted": {"pk": submitted.pk},
        "plan_filed": {"pk": filed.pk},
        "plan_adjusted": {"pk": adjustment.pk},
        "plan_row": {"pk": filed.pk, "row_id": filed.rows.get().pk},
    }


def _plan(cast, month: int):
    plan = plan_lifecycle.open_plan(
        actor=cast.liaison,
        campaign=cast.campaign,
        department_id=cast.unit.pk,
        period=f"2022-{month:02d}",
        now=datetime(2022, month, 2, 9, 0, tzinfo=TZ),
    )
    day = date(2022, month, 15)
    row = RowDraft(item_id=cast.item.pk, mode="in_person", walker_id=cast.principal.pk, planned_on=day)
    plan_lifecycle.save_rows(plan=plan, actor=cast.liaison, version=plan.version, rows=[row], now=NOON)
    return plan
