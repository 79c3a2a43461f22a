"""The state machine of a plan as a table of data. Pure.

Buttons, pages, checks, documentation and tests derive from ``TABLE``; ``plans.domain.lifecycle`` follows it. Guards are
functions of ``plans.domain.guards``. A row without a target leaves the state of the plan as it is: its rows change, or
another plan comes into being beside it.
"""

from core.transitions import Table, Transition
from plans.enums import PlanActor, PlanState

S, A = PlanState, PlanActor

ROWS = (
    Transition("edit", "修改", (S.DRAFT, S.RETURNED), None, (A.UNIT,), ("not_archived",)),
    Transition(
        "submit",
        "报送",
        (S.DRAFT, S.RETURNED),
        S.SUBMITTED,
        (A.UNIT,),
        ("unit_bound", "rows_complete"),
        "primary",
        "报送计划",
        "报送后由接收单位备案，备案前不能再改。逾期报送照常接收，并标明逾期。",
    ),
    Transition(
        "file",
        "备案",
        (S.SUBMITTED,),
        S.FILED,
        (A.RECEIVER, A.OFFICE),
        ("unit_bound",),
        "primary",
        "计划备案",
        "备案后计划不再改动；单位需要变动的，另行报送调整稿。调整稿备案后代替原稿。",
        "备案意见",
    ),
    Transition(
        "return",
        "退回修改",
        (S.SUBMITTED,),
        S.RETURNED,
        (A.RECEIVER, A.OFFICE),
        ("not_archived", "reason"),
        "danger",
        "退回修改",
        "退回后由报送单位修改，再重新报送。首次报送日期不变。",
        "退回原因",
    ),
    Transition(
        "adjust",
        "调整",
        (S.FILED,),
        None,
        (A.UNIT,),
        ("reason", "unit_bound", "no_other_adjustment"),
        "primary",
        "调整计划",
        "系统照原样起草下一稿，修改后重新报送、备案。调整稿备案以前，已备案的这一稿照常有效，可以继续报备、体验；备案以后这一稿标为“已调整”并保留。",
        "调整原因",
    ),
    Transition(
        "discard",
        "放弃调整",
        (S.DRAFT, S.RETURNED),
        S.DISCARDED,
        (A.UNIT,),
        ("not_archived", "is_adjustment"),
        "danger",
        "放弃调整",
        "放弃后，调整稿标为“已放弃”并保留，不能再修改、报送；已备案的计划没有任何变动，继续有效。需要时可以重新调整。",
    ),
    Transition("notice", "报备", (S.FILED,), None, (A.UNIT,), ("unit_bound",)),
    Transition("start", "按计划开始体验", (S.FILED,), None, (A.UNIT,), ("unit_bound",)),
    Transition("supersede", "由新一稿代替", (S.FILED,), S.SUPERSEDED, (A.SYSTEM,)),
    Transition("carry", "转入已开始的体验", (S.FILED,), None, (A.SYSTEM,), ("has_walks_to_carry",)),
)

TABLE = Table(ROWS)

# action → the kind of the event that is kept of it; what has none leaves no line in the history.
EVENT_KINDS = {
    "submit": "submitted",
    "file": "filed",
    "return": "returned",
    "adjust": "adjusted",
    "discard": "discarded",
    "supersede": "superseded",
    "carry": "carried",
    "notice": "noticed",
}
