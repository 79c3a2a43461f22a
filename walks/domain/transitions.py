"""The state machine of a walk as a table of data (docs/rules.md section 3). Pure.

Buttons, permissions, lists, documentation and tests derive from ``TABLE``; ``walks.domain.lifecycle`` is the one module
that follows it. Guards are functions of ``walks.domain.guards``; who stands in which part: ``walks.rules``. A row
without a target leaves the state as it is.
"""

from core.transitions import Table, Transition
from walks.enums import WalkActor, WalkEventKind, WalkState

S, A = WalkState, WalkActor
OWN_SIDE = (A.WALKER, A.OPENER, A.UNIT)
RECEIVING_SIDE = (A.RECEIVER, A.OFFICE)
IN_WORK = (S.IN_PROGRESS, S.RETURNED)
# The guard of every row: nothing is done any more in a campaign that is archived.
OPEN = "not_archived"

ROWS = (
    Transition("begin", "开始体验", (S.PLANNED,), S.IN_PROGRESS, (A.WALKER,), (OPEN, "window", "on_roster"), "primary"),
    Transition("postpone", "改期", (S.PLANNED,), None, (A.WALKER,), (OPEN, "plan_day")),
    # Steps, problems, needs and facts, several people at once: carried out by ``lifecycle.touch`` and what calls it.
    Transition("edit", "增改内容", IN_WORK, None, OWN_SIDE, (OPEN,), "quiet"),
    Transition("record", "登记完成", IN_WORK, S.RECORDED, OWN_SIDE, (OPEN, "complete"), "primary"),
    Transition(
        "sign",
        "核对签字",
        (S.RECORDED,),
        S.SIGNED,
        (A.PRINCIPAL,),
        (OPEN,),
        "primary",
        lead="请核对全部内容。签字后不能再改；确需修改的，先“重新修改”，签字随之失效。",
    ),
    Transition(
        "report",
        "报送",
        (S.SIGNED,),
        S.REPORTED,
        (A.UNIT,),
        (OPEN, "stamped"),
        "primary",
        lead="报送后，登记的问题逐个编号、进入问题台账，编号不再变动。",
    ),
    Transition(
        "accept",
        "接收",
        (S.REPORTED,),
        S.ACCEPTED,
        RECEIVING_SIDE,
        (OPEN,),
        "primary",
        lead="接收表示材料齐全。问题的交办、验收在问题台账中办理。",
    ),
    Transition(
        "send_back",
        "退回补正",
        (S.REPORTED,),
        S.RETURNED,
        RECEIVING_SIDE,
        (OPEN, "reason"),
        "danger",
        lead="退回后由报送单位补正，再签字、报送。已给出的问题编号保留。",
        reason_label="退回原因",
    ),
    Transition(
        "reopen",
        "重新修改",
        (S.RECORDED, S.SIGNED),
        S.IN_PROGRESS,
        (A.UNIT,),
        (OPEN, "reason"),
        lead="回到“体验中”继续修改。已签字的，签字随之失效，改完须重新签字。",
        reason_label="修改原因",
    ),
    Transition(
        "cancel",
        "取消体验",
        # 退回补正 is named so that the guard can say why a walk once reported stays.
        (S.PLANNED, *IN_WORK),
        S.CANCELLED,
        OWN_SIDE,
        (OPEN, "own_plan", "not_reported_before", "reason"),
        "danger",
        lead="取消后不计入统计，已记的内容保留可查。",
        reason_label="取消原因",
    ),
)

TABLE = Table(ROWS)

# What the history of a walk calls each action that ``lifecycle.perform`` carries out.
EVENT_OF = {
    "begin": WalkEventKind.STARTED,
    "postpone": WalkEventKind.POSTPONED,
    "record": WalkEventKind.RECORDED,
    "sign": WalkEventKind.SIGNED,
    "report": WalkEventKind.REPORTED,
    "accept": WalkEventKind.ACCEPTED,
    "send_back": WalkEventKind.RETURNED,
    "reopen": WalkEventKind.REOPENED,
    "cancel": WalkEventKind.CANCELLED,
}
