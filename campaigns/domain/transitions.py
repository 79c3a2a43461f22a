"""The state machine of a campaign as a table of data. Pure.

Buttons, pages, checks, the API, documentation and tests derive from ``TABLE``; ``campaigns.domain.states`` follows it.
Guards are functions of ``campaigns.domain.guards``. Nothing leads back: what was summed up is corrected by another
version of its papers, and the next period is a campaign of its own.
"""

from campaigns.enums import CampaignActor, CampaignState
from core.transitions import Table, Transition

S, A = CampaignState, CampaignActor

ROWS = (
    Transition("issue", "印发", (S.DRAFT,), S.ISSUED, (A.OFFICE, A.SYSTEM), (), "primary"),
    Transition("begin", "开始实施", (S.ISSUED,), S.RUNNING, (A.SYSTEM,)),
    Transition("amend", "调整规则", (S.ISSUED, S.RUNNING), None, (A.OFFICE,)),
    Transition(
        "summarise",
        "总结",
        (S.RUNNING,),
        S.SUMMARISED,
        (A.OFFICE,),
        ("ended", "no_rules_in_writing", "whole_published", "left_open_confirmed"),
        "primary",
        "总结活动",
        "总结后不再开始新的体验、不再报计划，设置不再改动；已开始的体验可以继续登记、报送，已印发的材料可以更正。"
        "总结后不能恢复为实施中。",
    ),
    Transition(
        "archive",
        "归档",
        (S.SUMMARISED,),
        S.ARCHIVED,
        (A.OFFICE,),
        ("left_open_confirmed",),
        "primary",
        "归档活动",
        "归档后，本活动的设置、计划、体验、报送、汇总、材料和评分只能查看，不能再改，也不能取消归档。"
        "未销号的问题照常整改、验收、回头看。",
    ),
    Transition("copy", "建立下一期活动", (S.RUNNING, S.SUMMARISED, S.ARCHIVED), None, (A.OFFICE,)),
)

TABLE = Table(ROWS)
