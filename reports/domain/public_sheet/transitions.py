"""The state machine of a public sheet as a table of data. Pure.

Buttons, pages, checks, documentation and tests derive from it; ``reports.domain.public_sheet.lifecycle`` follows it.
Asking makes the record and is no row.
"""

from core.transitions import Table, Transition
from reports.enums import PublicActor, PublicState

S, A = PublicState, PublicActor
RELEASE, DECLINE, REVOKE = "release", "decline", "revoke"

TABLE = Table(
    (
        Transition(
            RELEASE,
            "公开",
            (S.ASKED,),
            S.RELEASED,
            (A.SECOND,),
            ("switched_on", "last_version"),
            "primary",
            "审核公开",
            "请逐行核对下列内容。公开后任何人不登录即可查看，内容不再改变；需要停止公开的，写明原因撤回。",
        ),
        Transition(
            DECLINE,
            "不予公开",
            (S.ASKED,),
            S.DECLINED,
            (A.OFFICE,),
            ("reason",),
            "danger",
            "不予公开",
            "写明原因。本次申请到此结束，内容没有公开；可以另行申请。",
            "原因",
        ),
        Transition(
            REVOKE,
            "撤回公开",
            (S.RELEASED,),
            S.REVOKED,
            (A.OFFICE,),
            ("reason",),
            "danger",
            "撤回公开",
            "撤回后原地址立即停止公开，只说明已经撤回，不能恢复；原因只有统筹办、督查和牵头单位可以看到。已被他人下载、转载的不能收回。",
            "原因",
        ),
    )
)
