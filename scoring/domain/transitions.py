"""The state machines of an objection (申诉) and of a note (人工评定) as tables of data. Pure.

Buttons, pages, checks, documentation and tests derive from them; ``scoring.domain.lifecycle`` follows them.
"""

from core.transitions import Table, Transition
from scoring.enums import ScoreActor, ScoreState

S, A = ScoreState, ScoreActor

OBJECTION = Table(
    (
        Transition(
            "agree",
            "采纳",
            (S.OPEN,),
            S.AGREED,
            (A.OFFICE,),
            ("another_person", "answer", "amount_within_deduction"),
            "primary",
            "采纳申诉",
            "写明答复和加回的分值，加回的分值不超过该项已扣的分值。采纳后计入得分；已确定的评分不变，需要更正时另行确定一版。",
            "答复",
        ),
        Transition(
            "refuse",
            "不予采纳",
            (S.OPEN,),
            S.REFUSED,
            (A.OFFICE,),
            ("another_person", "answer"),
            "danger",
            "不予采纳",
            "写明理由，由申诉单位查看。得分不变。",
            "理由",
        ),
        Transition(
            "take_back",
            "撤回",
            (S.OPEN,),
            S.TAKEN_BACK,
            (A.UNIT,),
            (),
            "quiet",
            "撤回申诉",
            "撤回后本条申诉不再办理，可以就同一项重新申诉。",
        ),
    )
)

NOTE = Table(
    (
        Transition(
            "agree",
            "复核同意",
            (S.OPEN,),
            S.AGREED,
            (A.OTHER_OFFICE,),
            (),
            "primary",
            "复核人工评定",
            "同意后计入得分。已确定的评分不变，需要更正时另行确定一版。",
        ),
        Transition(
            "refuse",
            "不同意",
            (S.OPEN,),
            S.REFUSED,
            (A.OTHER_OFFICE,),
            ("answer",),
            "danger",
            "不同意人工评定",
            "写明理由。这一条不计入得分。",
            "理由",
        ),
        Transition(
            "take_back",
            "撤回",
            (S.OPEN,),
            S.TAKEN_BACK,
            (A.AUTHOR,),
            (),
            "quiet",
            "撤回人工评定",
            "撤回后这一条不计入得分。",
        ),
    )
)
