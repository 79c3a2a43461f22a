"""Who decides on an issue, the leading unit or the office: each rule for one issue, and as a condition for many.

Guards, 等我办 and notices derive from here, so that whoever is told can act and finds it waiting. Who confirms a
distant date and who stops its clock: ``issues.domain.due_dates``.
"""

from django.db.models import F, Q

from issues.domain import due_dates
from issues.enums import Actor

FIRST_TO_OFFICE = 2
OFFICE_ALONE = "office"

# The same, row by row, of what the functions below say of one issue.
LEAD_DECIDES_DISPUTE = Q(disputes__lt=FIRST_TO_OFFICE)
LEAD_STRIKES_OFF = ~Q(walk__rules__data__rectification__strike_off=OFFICE_ALONE)
LEAD_IS_RESPONSIBLE = Q(lead_department_id=F("responsible_department_id"))


def dispute_decided_by(disputes: int) -> Actor:
    """Who assigns an issue sent back so many times: the lead, from the second time on the office alone."""
    return Actor.OFFICE if disputes >= FIRST_TO_OFFICE else Actor.LEAD


def is_office_alone(strike_off: str) -> bool:
    """Whether the campaign leaves striking off to the office alone. ``strike_off``: the setting of its rules."""
    return strike_off == OFFICE_ALONE


def struck_off_by(*, strike_off: str, lead_id: int, responsible_id: int | None) -> Actor:
    """Who is expected to strike off: the lead; the office where it alone may or the lead is itself responsible."""
    return Actor.OFFICE if is_office_alone(strike_off) or lead_id == responsible_id else Actor.LEAD


def told_to_decide(*, action: str, strike_off: str, disputes: int, lead_id: int, responsible_id: int | None) -> Actor:
    """Who is to act after ``action``: dispute, request_closing, fix_on_spot, or a distant date that was proposed."""
    if action == "dispute":
        return dispute_decided_by(disputes)
    if action in ("request_closing", "fix_on_spot"):
        return struck_off_by(strike_off=strike_off, lead_id=lead_id, responsible_id=responsible_id)
    return due_dates.confirmed_by(lead_id=lead_id, responsible_id=responsible_id)
