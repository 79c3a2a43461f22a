"""The state machine of a walk bound to an issue for 回头看 as a table of data. Pure. Binding makes the record and is no
row.

``issues.domain.lookback.lifecycle`` follows it. Guards are functions of ``issues.domain.lookback.guards``.
"""

from core.transitions import Table, Transition
from issues.enums import LookBackActor, LookBackState

S, A = LookBackState, LookBackActor

TABLE = Table(
    (
        Transition(
            "judge",
            "填写结论",
            (S.BOUND,),
            None,
            (A.WALKING,),
            ("another_person", "before_signing", "verdict_given"),
            "primary",
            "回头看结论",
            "对照原问题再走一遍，填写是否整改到位。结论在体验报送时生效。",
        ),
        Transition(
            "unbind",
            "取消关联",
            (S.BOUND,),
            S.VOID,
            (A.WALKING,),
            ("before_signing", "reason"),
            "danger",
            "取消关联",
            "取消后这次体验不再作为该问题的回头看，该问题仍应回头看。",
            "取消原因",
        ),
        Transition("pass", "回头看通过", (S.BOUND,), S.PASSED, (A.SYSTEM,)),
        Transition("fail", "回头看未通过", (S.BOUND,), S.FAILED, (A.SYSTEM,)),
        Transition("lapse", "不作数", (S.BOUND,), S.VOID, (A.SYSTEM,)),
    )
)
