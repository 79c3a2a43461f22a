"""The state machine of a 督办单 as a table of data. Pure. Signing makes the record and is no row.

``issues.domain.slips.lifecycle`` follows it. Guards are functions of ``issues.domain.slips.guards``.
"""

from core.transitions import Table, Transition
from issues.enums import Actor, SlipState

S, A = SlipState, Actor

TABLE = Table(
    (
        Transition(
            "answer",
            "反馈",
            (S.ISSUED,),
            S.ANSWERED,
            (A.RESPONSIBLE,),
            ("reply_given", "late_explained"),
            "primary",
            "反馈办理情况",
            "写明办理情况；超过反馈期限的，写明未按期的原因。",
        ),
        Transition(
            "accept",
            "核验办结",
            (S.ANSWERED,),
            S.ACCEPTED,
            (A.OFFICE,),
            (),
            "primary",
            "核验办结",
            "核对反馈的办理情况，认可的予以办结。",
            "核验意见",
        ),
        Transition(
            "return",
            "退回重新反馈",
            (S.ANSWERED,),
            S.ISSUED,
            (A.OFFICE,),
            ("reason",),
            "danger",
            "退回重新反馈",
            "退回后由承办单位重新反馈，反馈期限不变。",
            "退回原因",
        ),
        Transition("supersede", "升级为更高颜色", (S.ISSUED, S.ANSWERED), S.SUPERSEDED, (A.SYSTEM,)),
        Transition("settle", "问题办结，督办随之办结", (S.ISSUED, S.ANSWERED), S.ACCEPTED, (A.SYSTEM,)),
    )
)
