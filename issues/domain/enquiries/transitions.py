"""The state machines of an enquiry (举一反三) and of the reply of one unit as tables of data. Pure. Sending makes the
records and is no row.

``issues.domain.enquiries.lifecycle`` follows them. Guards are functions of ``issues.domain.enquiries.guards``.
"""

from core.transitions import Table, Transition
from issues.enums import EnquiryActor, EnquiryState, ReplyState

E, R, A = EnquiryState, ReplyState, EnquiryActor

ENQUIRY = Table(
    (
        Transition("complete", "各单位均已答复", (E.OPEN,), E.ANSWERED, (A.SYSTEM,)),
        Transition(
            "end",
            "终止征询",
            (E.OPEN,),
            E.ENDED,
            (A.SENDER,),
            ("reason",),
            "danger",
            "终止征询",
            "终止后还没有答复的单位不再答复，已有的答复保留。",
            "终止原因",
        ),
    )
)
REPLY = Table(
    (
        Transition(
            "found",
            "答复“有”",
            (R.WAITING,),
            R.FOUND,
            (A.ASKED,),
            ("problem_told", "own_item"),
            "primary",
            "答复“有”",
            "本单位存在同类问题的，写明具体情况。提交后随即登记入账、编号，按台账整改。",
        ),
        Transition(
            "none",
            "答复“无”",
            (R.WAITING,),
            R.NONE,
            (A.ASKED,),
            ("check_told",),
            "secondary",
            "答复“无”",
            "本单位没有同类问题的，写明怎样排查的。",
        ),
        Transition("drop", "征询终止，不再答复", (R.WAITING,), R.DROPPED, (A.SYSTEM,)),
    )
)
