"""The state machine of a request for more time (延期申请) as a table of data. Pure.

``issues.domain.extensions.lifecycle`` follows it. Asking makes the record and is no row. People ask, decide and
withdraw by actions on the issue (``issues.domain.transitions``), whose guards hold for the step here too.
"""

from core.transitions import Table, Transition
from issues.enums import Actor, ExtensionState

S, A = ExtensionState, Actor

TABLE = Table(
    (
        Transition("grant", "同意延期", (S.ASKED,), S.GRANTED, (A.LEAD, A.OFFICE)),
        Transition("deny", "不同意延期", (S.ASKED,), S.DENIED, (A.LEAD, A.OFFICE)),
        Transition("withdraw", "撤回延期申请", (S.ASKED,), S.WITHDRAWN, (A.RESPONSIBLE,)),
        Transition("lapse", "申请自行失效", (S.ASKED,), S.WITHDRAWN, (A.SYSTEM,)),
    )
)
