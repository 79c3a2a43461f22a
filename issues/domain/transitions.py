"""The state machine of an issue as a table of data (docs/rules.md section 3). Pure.

Buttons, API, checks, documentation and tests derive from ``TABLE``; ``issues.domain.lifecycle.perform`` is the one
function that follows it. Guards are functions of ``issues.domain.guards``. A row without a target adds to the record
of an issue and leaves its state as it is.
"""

from core.transitions import Table, Transition
from issues.enums import CLOSED_STATES, OPEN_STATES, Actor, IssueState

S, A = IssueState, Actor
# The states in which there is something to help with (配合单位).
WITH_HELP = (S.ASSIGNED, S.PLANNING, S.RECTIFYING)
# The states in which a request for more time may wait for its answer.
WITH_EXTENSION = (S.PLANNING, S.RECTIFYING, S.DEFERRED, S.REFERRED, S.CLOSING)

ROWS = (
    Transition("register", "登记入账", (S.DRAFT,), S.REGISTERED, (A.SYSTEM,)),
    Transition(
        "fix_on_spot",
        "立行立改",
        (S.REGISTERED,),
        S.CLOSING,
        (A.DISCOVERING, A.RESPONSIBLE),
        ("own_unit_only", "fixed_now"),
    ),
    Transition("take", "自行整改", (S.REGISTERED,), S.PLANNING, (A.DISCOVERING,), ("own_issue",), "primary"),
    Transition(
        "assign",
        "交办",
        (S.REGISTERED, S.DISPUTED),
        S.ASSIGNED,
        (A.OFFICE, A.LEAD),
        ("unit_named", "due_not_too_far", "not_own_date", "second_dispute_to_office", "reason_for_change"),
        "primary",
    ),
    Transition("accept", "签收", (S.ASSIGNED,), S.PLANNING, (A.RESPONSIBLE,), (), "primary"),
    Transition("dispute", "退单", (S.ASSIGNED,), S.DISPUTED, (A.RESPONSIBLE,), ("grounds", "dispute_in_time")),
    Transition(
        "plan", "定措施", (S.PLANNING,), S.RECTIFYING, (A.RESPONSIBLE,), ("four_clear", "due_not_too_far"), "primary"
    ),
    Transition(
        "defer",
        "长期挂账",
        (S.RECTIFYING,),
        S.DEFERRED,
        (A.OFFICE, A.LEAD),
        ("not_own_date", "reason", "review_date"),
    ),
    Transition(
        "resume",
        "恢复整改",
        (S.DEFERRED, S.REFERRED),
        S.RECTIFYING,
        (A.OFFICE, A.LEAD, A.SYSTEM),
        ("not_own_date", "planned_before", "due_if_none", "due_not_too_far", "review_reached"),
    ),
    Transition(
        "resume_planning",
        "恢复定措施",
        (S.REFERRED,),
        S.PLANNING,
        (A.OFFICE, A.LEAD),
        ("not_own_date", "not_planned_before"),
    ),
    Transition(
        "refer",
        "转上级",
        (S.PLANNING, S.RECTIFYING),
        S.REFERRED,
        (A.OFFICE, A.LEAD),
        ("not_own_date", "referred_to"),
    ),
    Transition(
        "request_closing",
        "申请销号",
        (S.RECTIFYING,),
        S.CLOSING,
        (A.RESPONSIBLE,),
        ("result", "closing_evidence", "reductions_complete"),
        "primary",
    ),
    Transition(
        "approve_closing",
        "销号",
        (S.CLOSING,),
        S.CLOSED,
        (A.LEAD, A.OFFICE),
        ("strike_off_side", "another_person", "reuse_explained"),
        "primary",
    ),
    Transition(
        "return_closing",
        "退回整改",
        (S.CLOSING,),
        S.RECTIFYING,
        (A.LEAD, A.OFFICE),
        ("strike_off_side", "another_person", "reason", "due_if_none", "due_not_too_far"),
    ),
    Transition(
        "look_back_pass",
        "回头看通过",
        (S.CLOSED,),
        S.VERIFIED,
        (A.OFFICE, A.WALKER, A.RE_WALKER),
        ("not_the_closer", "finding"),
        "primary",
    ),
    Transition(
        "look_back_fail",
        "回头看未通过",
        (S.CLOSED,),
        S.RECTIFYING,
        (A.OFFICE, A.WALKER, A.RE_WALKER),
        ("not_the_closer", "finding", "due_not_too_far"),
    ),
    Transition(
        "merge",
        "并案",
        (S.REGISTERED, S.ASSIGNED, S.DISPUTED, S.PLANNING, S.RECTIFYING),
        S.MERGED,
        (A.OFFICE,),
        ("merge_target",),
    ),
    Transition(
        "dismiss", "不予采纳", (S.REGISTERED, S.DISPUTED), S.DISMISSED, (A.OFFICE,), ("second_person",), "danger"
    ),
    Transition(
        "note_progress",
        "填写进展",
        (S.PLANNING, S.RECTIFYING, S.DEFERRED, S.REFERRED),
        None,
        (A.RESPONSIBLE,),
        ("progress",),
        "quiet",
    ),
    Transition(
        "confirm_due",
        "确认时限",
        (S.ASSIGNED, S.PLANNING, S.RECTIFYING),
        None,
        (A.LEAD, A.OFFICE),
        ("due_awaits", "confirming_side", "interim_date_stands", "reason"),
    ),
    Transition(
        "refuse_due",
        "不同意时限",
        (S.ASSIGNED, S.PLANNING, S.RECTIFYING),
        None,
        (A.LEAD, A.OFFICE),
        ("due_awaits", "confirming_side", "reason"),
    ),
    Transition(
        "ask_extension",
        "申请延期",
        (S.PLANNING, S.RECTIFYING),
        None,
        (A.RESPONSIBLE,),
        ("no_open_extension", "not_yet_expired", "reason", "extension_date"),
    ),
    Transition(
        "grant_extension",
        "同意延期",
        WITH_EXTENSION,
        None,
        (A.LEAD, A.OFFICE),
        ("extension_open", "extension_decider", "reason_if_distant"),
        "primary",
    ),
    Transition(
        "deny_extension",
        "不同意延期",
        WITH_EXTENSION,
        None,
        (A.LEAD, A.OFFICE),
        ("extension_open", "extension_decider", "reason"),
    ),
    Transition(
        "withdraw_extension", "撤回延期申请", WITH_EXTENSION, None, (A.RESPONSIBLE,), ("extension_open",), "quiet"
    ),
    Transition(
        "chase",
        "催办",
        (S.ASSIGNED, S.PLANNING, S.RECTIFYING),
        None,
        (A.LEAD, A.OFFICE),
        ("not_own_unit", "somebody_to_chase", "not_chased_today"),
        keeps_version=True,
    ),
    Transition(
        "note_help", "填写配合进展", WITH_HELP, None, (A.COOPERATING,), ("help_told",), "quiet", keeps_version=True
    ),
    Transition(
        "track_measures",
        "措施进展",
        (S.RECTIFYING, S.DEFERRED, S.REFERRED),
        None,
        (A.RESPONSIBLE,),
        ("measures_noted",),
        "quiet",
    ),
    Transition("add_measures", "补充措施", (S.RECTIFYING,), None, (A.RESPONSIBLE,), ("measures",), "quiet"),
    Transition(
        "amend",
        "更正登记信息",
        (S.REGISTERED, S.ASSIGNED, S.DISPUTED, S.PLANNING, S.RECTIFYING, S.DEFERRED, S.REFERRED, S.CLOSING),
        None,
        (A.RESPONSIBLE, A.LEAD, A.OFFICE),
        ("something_amended",),
        "quiet",
    ),
    Transition(
        "note_reply",
        "登记答复",
        (S.REGISTERED, S.ASSIGNED, S.DISPUTED, S.PLANNING, S.RECTIFYING, S.DEFERRED, S.REFERRED, S.CLOSING, S.CLOSED),
        None,
        (A.RESPONSIBLE, A.LEAD, A.OFFICE),
        ("came_in", "answered"),
        "quiet",
    ),
    Transition(
        "propose_dismissal",
        "提请不予采纳",
        (S.REGISTERED, S.DISPUTED),
        None,
        (A.OFFICE,),
        ("not_yet_proposed", "dismissal_grounds"),
        "quiet",
    ),
    Transition("reclassify", "改分类", OPEN_STATES, None, (A.LEAD, A.OFFICE), ("new_class", "reason"), "quiet"),
    Transition("set_marks", "标记", OPEN_STATES, None, (A.LEAD, A.OFFICE), ("marks_changed", "reason"), "quiet"),
    Transition(
        "note_cause",
        "原因分析",
        (S.PLANNING, S.RECTIFYING, S.DEFERRED, S.REFERRED, S.CLOSING, *CLOSED_STATES),
        None,
        (A.RESPONSIBLE, A.LEAD, A.OFFICE),
        ("cause_told",),
        "quiet",
    ),
    Transition("mark_practice", "标为好做法", CLOSED_STATES, None, (A.LEAD, A.OFFICE), ("practice_told",), "quiet"),
    Transition(
        "unmark_practice", "取消好做法", CLOSED_STATES, None, (A.LEAD, A.OFFICE), ("is_practice", "reason"), "quiet"
    ),
)

TABLE = Table(ROWS)
