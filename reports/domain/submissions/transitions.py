"""The state machine of a submission as a table of data. Pure.

Buttons, pages, checks, documentation and tests derive from ``TABLE``; ``reports.domain.submissions.lifecycle`` follows
it. Guards are functions of ``reports.domain.submissions.guards``.
"""

from core.transitions import Table, Transition
from reports.enums import SubmissionActor, SubmissionState

S, A = SubmissionState, SubmissionActor
# The guard of every row: nothing is handed in any more in a campaign that is archived.
OPEN = "not_archived"

ROWS = (
    Transition(
        "send",
        "报送",
        (S.TO_SEND, S.RETURNED),
        S.SENT,
        (A.UNIT,),
        (OPEN, "period_begun", "walked_something"),
        "primary",
        "报送本期材料",
        "报送的数字和计入的记录随即固定。之后的变动另行列出，不改变已报送的内容。",
    ),
    Transition(
        "send_zero",
        "零报告",
        (S.TO_SEND, S.RETURNED),
        S.SENT,
        (A.UNIT,),
        (OPEN, "period_begun", "walked_nothing", "no_working_day_left", "reason"),
        "primary",
        "零报告",
        "本期没有开展体验的，说明原因后报送。",
        "未开展体验的原因",
    ),
    Transition(
        "lock",
        "锁定",
        (S.SENT,),
        S.LOCKED,
        (A.CHECKER,),
        (OPEN,),
        "primary",
        "审核并锁定",
        "锁定表示材料已经审核。锁定后仍可以在汇总上报以前退回。",
    ),
    Transition(
        "return",
        "退回",
        (S.SENT, S.LOCKED),
        S.RETURNED,
        (A.CHECKER,),
        (OPEN, "reason"),
        "danger",
        "退回报送单位",
        "退回后由单位核对、修改，再重新报送。首次报送的日期不变。",
        "退回原因",
    ),
    Transition(
        "send_on",
        "汇总上报",
        (S.LOCKED,),
        S.SENT_ON,
        (A.CHECKER,),
        (OPEN, "has_next_hop"),
        "primary",
        "汇总上报统筹办",
        "上报后由统筹办接收，牵头单位不能再退回。",
    ),
    Transition(
        "receive",
        "接收",
        (S.SENT_ON,),
        S.RECEIVED,
        (A.OFFICE,),
        (OPEN,),
        "primary",
        "接收",
        "接收后列入本期汇总。",
    ),
    Transition(
        "send_back",
        "退回重报",
        (S.SENT_ON, S.RECEIVED),
        S.RETURNED,
        (A.OFFICE,),
        (OPEN, "reason"),
        "danger",
        "退回重报",
        "退回后由单位重新报送，再经牵头单位审核。首次报送的日期不变。已印发的汇总不受影响。",
        "退回原因",
    ),
)

TABLE = Table(ROWS)
