"""The state machine of a need (需求) as a table of data. Pure.

``issues.domain.needs.lifecycle`` follows it. Guards are functions of ``issues.domain.needs.guards``.
"""

from core.transitions import Table, Transition
from issues.enums import NeedActor, NeedState

S, A = NeedState, NeedActor

ROWS = (
    Transition("register", "列入需求清单", (S.NOTED,), S.OPEN, (A.SYSTEM,)),
    Transition(
        "assign",
        "明确回应单位和时间",
        (S.OPEN,),
        None,
        (A.LEAD, A.OFFICE),
        ("unit_here", "day_to_come"),
        "secondary",
        "明确回应单位和时间",
        "由所选单位在拟回应时间以前回应。首次定的时间保留。",
    ),
    Transition(
        "reply",
        "回应",
        (S.OPEN, S.REPLIED),
        S.REPLIED,
        (A.RESPONSIBLE,),
        ("reply_given",),
        "primary",
        "回应需求",
        "写明是否采纳、如何办理、何时办成。再次回应的，原来的回应保留在经过中。",
    ),
    Transition(
        "return_reply",
        "退回重新回应",
        (S.REPLIED,),
        S.OPEN,
        (A.LEAD, A.OFFICE),
        ("reason",),
        "danger",
        "退回重新回应",
        "退回后由回应单位重新回应，拟回应时间不变。",
        "退回原因",
    ),
)

TABLE = Table(ROWS)
