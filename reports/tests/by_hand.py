"""Every figure of a period counted by a statement of its own, written by hand: nothing of the product's conditions is
used. Of figures as they stand, through the whole campaign; no unit with days of absence."""

from typing import Any

from django.db import connection

from reports.domain.figures import ReportQuery

# w: walks handed in; c: those that count; i: issues on the ledger; p: leaders who took part; b: units bound.
_TABLES = """
WITH w AS (
    SELECT * FROM walks_walk
    WHERE campaign_id = %(campaign)s AND walk_date BETWEEN %(first)s AND %(last)s AND state IN ('reported', 'accepted')
), c AS (
    SELECT * FROM w WHERE conforms IS NOT FALSE
), i AS (
    SELECT issue.* FROM issues_issue issue LEFT JOIN walks_walk walk ON walk.id = issue.walk_id
    WHERE issue.campaign_id = %(campaign)s AND COALESCE(walk.walk_date, issue.found_on) BETWEEN %(first)s AND %(last)s
    AND issue.state NOT IN ('draft', 'merged', 'dismissed')
), p AS (
    SELECT person.* FROM walks_participant person JOIN c ON c.id = person.walk_id
    WHERE person.capacity IN ('principal', 'deputy')
), b AS (
    SELECT roster.department_id FROM campaigns_rosterentry roster
    JOIN accounts_department unit ON unit.id = roster.department_id
    WHERE roster.campaign_id = %(campaign)s
    AND (roster.joined_on IS NULL OR roster.joined_on <= %(end)s)
    AND (roster.left_on IS NULL OR roster.left_on > %(end)s)
    AND (unit.abolished_on IS NULL OR unit.abolished_on > %(end)s)
)
"""
_CLOSED = "state IN ('closed', 'verified')"
# 长期挂账 and 转上级 stand still; a request for closing made in time waits for the other side.
_OVERDUE = """due_on < %(as_of)s AND (
    state IN ('registered', 'assigned', 'disputed', 'planning', 'rectifying')
    OR (state = 'closing' AND (closing_requested_on IS NULL OR closing_requested_on > due_on))
)"""
_CLAIMS = """
SELECT COUNT(*) FROM issues_measure m JOIN i ON i.id = m.issue_id AND i.round = m.round
WHERE i.state IN ('closed', 'verified') AND m.before IS NOT NULL AND m.after IS NOT NULL AND m.reduction = '{}'
"""
BY_HAND = {
    "units_total": "SELECT COUNT(*) FROM b",
    "units_walked": "SELECT COUNT(*) FROM b WHERE department_id IN (SELECT department_id FROM c)",
    "units_not_reported": "SELECT COUNT(*) FROM b WHERE department_id NOT IN (SELECT department_id FROM c)",
    "sessions": "SELECT COUNT(*) FROM c",
    "person_times": "SELECT COUNT(*) FROM p",
    "principal_person_times": "SELECT COUNT(*) FROM p WHERE capacity = 'principal'",
    "people": "SELECT COUNT(DISTINCT user_id) FROM p",
    "items": (
        "SELECT COUNT(*) FROM (SELECT item_id FROM c UNION SELECT item_id FROM i WHERE walk_id IS NULL "
        "AND item_id IS NOT NULL AND source IN ('walk', 'window', 'enforcement', 'complaint')) AS found"
    ),
    "item_walks": "SELECT COUNT(item_id) FROM c",
    "short": "SELECT COUNT(*) FROM w WHERE conforms IS FALSE",
    "needs": "SELECT COUNT(*) FROM issues_need n JOIN w ON w.id = n.walk_id",
    "needs_replied": "SELECT COUNT(*) FROM issues_need n JOIN w ON w.id = n.walk_id WHERE n.state = 'replied'",
    "needs_waiting": "SELECT COUNT(*) FROM issues_need n JOIN w ON w.id = n.walk_id WHERE n.state <> 'replied'",
    "issues_found": "SELECT COUNT(*) FROM i",
    "fixed_on_spot": f"SELECT COUNT(*) FROM i WHERE track = 'on_spot' AND {_CLOSED}",
    "on_ledger": f"SELECT COUNT(*) FROM i WHERE NOT (track = 'on_spot' AND {_CLOSED})",
    "closed": f"SELECT COUNT(*) FROM i WHERE {_CLOSED}",
    "verified": "SELECT COUNT(*) FROM i WHERE state = 'verified'",
    "rebounds": "SELECT COUNT(*) FROM i WHERE round > 1",
    "not_due": f"SELECT COUNT(*) FROM i WHERE NOT {_CLOSED} AND NOT COALESCE({_OVERDUE}, FALSE)",
    "overdue": f"SELECT COUNT(*) FROM i WHERE {_OVERDUE}",
    "closed_in_time": f"SELECT COUNT(*) FROM i WHERE {_CLOSED} AND closing_requested_on <= due_on",
    "judged": f"SELECT COUNT(*) FROM i WHERE ({_CLOSED} AND due_on IS NOT NULL) OR {_OVERDUE}",
    "measures": "SELECT COUNT(*) FROM issues_measure m JOIN i ON i.id = m.issue_id",
    **{f"effect_{kind}": _CLAIMS.format(kind) for kind in ("days", "documents", "steps", "trips")},
}


def counted_by_hand(query: ReportQuery) -> dict[str, int]:
    """{key of a figure: its value}; one statement each."""
    campaign, period = query.campaign, query.period
    asked: dict[str, Any] = {"campaign": campaign.pk, "first": period.starts_on, "last": period.ends_on}
    asked |= {"as_of": query.as_of, "end": min(period.ends_on, campaign.ends_on, query.as_of)}
    found = {}
    with connection.cursor() as cursor:
        for key, statement in BY_HAND.items():
            cursor.execute(_TABLES + statement, asked)
            found[key] = cursor.fetchone()[0]
    return found
