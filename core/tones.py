"""How a state looks: a tone (colour) and an icon, so that colour is never the only sign of a state.

Tones: neutral, info, warn, danger, success, muted. A state not listed here is shown neutral with a ring.
"""

TONES = ("neutral", "info", "warn", "danger", "success", "muted")
UNKNOWN = ("neutral", "circle")

STATE_LOOK: dict[str, tuple[str, str]] = {
    # issue
    "draft": ("muted", "pencil-square"),
    "registered": ("info", "journal-text"),
    "assigned": ("warn", "inbox"),
    "disputed": ("danger", "arrow-return-left"),
    "planning": ("warn", "list-check"),
    "rectifying": ("info", "tools"),
    "deferred": ("muted", "pause-circle"),
    "referred": ("muted", "box-arrow-up-right"),
    "closing": ("warn", "hourglass-split"),
    "closed": ("success", "check-circle-fill"),
    "verified": ("success", "patch-check"),
    "merged": ("muted", "intersect"),
    "dismissed": ("muted", "slash-circle"),
    "unheld": ("danger", "exclamation-triangle-fill"),
    # parts of the installation
    "in_order": ("success", "check-circle-fill"),
    "attention": ("danger", "exclamation-triangle-fill"),
    # messages that leave the system ("waiting" as of walks, "sent" as of packs)
    "dead": ("danger", "exclamation-triangle-fill"),
    "in_use": ("success", "check-circle-fill"),
    "not_in_use": ("muted", "pause-circle"),
    # walks
    "planned": ("neutral", "calendar-event"),
    "notified": ("neutral", "megaphone"),
    "in_progress": ("info", "person-walking"),
    "waiting": ("warn", "hourglass-split"),
    "recorded": ("info", "journal-text"),
    "signed": ("info", "pen"),
    "reported": ("info", "send-check"),
    "accepted": ("success", "check-circle-fill"),
    "returned": ("danger", "arrow-return-left"),
    "cancelled": ("muted", "x-circle"),
    "postponed": ("muted", "calendar-x"),
    # plan, campaign, summary
    "submitted": ("info", "send"),
    "filed": ("success", "check-circle-fill"),
    "superseded": ("muted", "arrow-clockwise"),
    "noted": ("muted", "pencil-square"),
    "unanswered": ("warn", "inbox"),
    "replied": ("success", "check-circle-fill"),
    "to_send": ("neutral", "clock"),
    "sent": ("info", "send"),
    "sent_on": ("info", "send-check"),
    "received": ("success", "check-circle-fill"),
    "zero": ("warn", "dash-circle"),
    "discarded": ("muted", "x-circle"),
    "issued": ("info", "megaphone"),
    "summarised": ("success", "clipboard-data"),
    "archived": ("muted", "archive"),
    "collecting": ("info", "inbox"),
    "compiled": ("info", "clipboard-data"),
    "locked": ("warn", "lock"),
    "published": ("success", "lock-fill"),
    "corrected": ("warn", "arrow-clockwise"),
    # line of an import, requested role
    "created": ("success", "plus-lg"),
    "updated": ("info", "pencil-square"),
    "unchanged": ("muted", "check2"),
    "role_waiting": ("warn", "hourglass-split"),
    "role_granted": ("success", "check-circle-fill"),
    "role_refused": ("muted", "slash-circle"),
    # objection to a score, manual point
    "open": ("warn", "hourglass-split"),
    "agreed": ("success", "check-circle-fill"),
    "refused": ("muted", "slash-circle"),
    "taken_back": ("muted", "x-circle"),
    # public sheet
    "asked": ("warn", "hourglass-split"),
    "granted": ("success", "calendar-check"),
    "denied": ("muted", "calendar-x"),
    "withdrawn": ("muted", "x-circle"),
    "released": ("success", "megaphone"),
    "declined": ("muted", "slash-circle"),
    "revoked": ("danger", "x-circle"),
    # job
    "held": ("warn", "hourglass-split"),
    "queued": ("neutral", "clock"),
    "running": ("info", "play-circle"),
    "done": ("success", "check-circle-fill"),
    "failed": ("danger", "x-circle-fill"),
    # time limit
    "overdue": ("danger", "exclamation-triangle-fill"),
    "due_today": ("warn", "exclamation-circle"),
    "due_soon": ("warn", "clock"),
    "not_due": ("neutral", "clock"),
    "on_time": ("success", "check2"),
    "late": ("danger", "clock-history"),
    "provisional": ("muted", "question-circle"),
    # enquiry (举一反三) and its replies
    "enquiry_open": ("info", "hourglass-split"),
    "enquiry_answered": ("success", "check-circle-fill"),
    "enquiry_ended": ("muted", "slash-circle"),
    "reply_waiting": ("warn", "hourglass-split"),
    "reply_found": ("danger", "exclamation-circle"),
    "reply_none": ("success", "check-circle-fill"),
    "reply_dropped": ("muted", "slash-circle"),
    # walk bound for 回头看
    "look_back_bound": ("info", "hourglass-split"),
    "look_back_passed": ("success", "check-circle-fill"),
    "look_back_failed": ("danger", "exclamation-circle"),
    "look_back_void": ("muted", "slash-circle"),
    "look_back_waiting": ("warn", "hourglass-split"),
    "look_back_done": ("success", "check-circle-fill"),
    "look_back_withdrawn": ("muted", "slash-circle"),
    # supervision slip
    "slip_issued": ("warn", "hourglass-split"),
    "slip_answered": ("info", "send-check"),
    "slip_accepted": ("success", "check-circle-fill"),
    "slip_superseded": ("muted", "arrow-clockwise"),
    "blue": ("info", "flag-fill"),
    "yellow": ("warn", "flag-fill"),
    "red": ("danger", "flag-fill"),
    # severity, step assessment and other marks
    "normal": ("neutral", "circle"),
    "serious": ("danger", "exclamation-octagon-fill"),
    "smooth": ("success", "check2-circle"),
    "blocked": ("danger", "x-circle-fill"),
    "fair": ("warn", "dash-circle"),
    "simulated": ("muted", "eye"),
    "covert": ("warn", "lock-fill"),
    "fix_on_spot": ("success", "lightning-charge"),
    "on_ledger": ("info", "journal-text"),
    "active": ("success", "check2-circle"),
    "disabled": ("muted", "slash-circle"),
    "unread": ("info", "record-circle"),
    "read": ("muted", "check2"),
    "duty_done": ("muted", "check2"),
}

ALERT_ICON = {
    "info": "info-circle-fill",
    "success": "check-circle-fill",
    "warn": "exclamation-triangle-fill",
    "danger": "x-circle-fill",
    "neutral": "info-circle",
    "muted": "info-circle",
}


def look_of(state: str) -> tuple[str, str]:
    """(tone, icon) of a state, of any machine."""
    return STATE_LOOK.get(str(state), UNKNOWN)
