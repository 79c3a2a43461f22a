"""An issue that is opened anew after its unit ended: the unit that goes on from it rectifies now."""

from collections.abc import Callable

from accounts.domain.units import in_charge
from issues.models import Issue


def taken_over(issue: Issue, words: Callable[..., str]) -> dict[str, object]:
    """What changes of an issue struck off before its unit, or its lead, ended; nothing where neither did. ``words``:
    ``issues.domain.effects.index_text``."""
    unit, lead = issue.responsible_department, in_charge(issue.lead_department)
    changes: dict[str, object] = {"lead_department": lead} if lead.pk != issue.lead_department_id else {}
    if unit is not None and (heir := in_charge(unit)).pk != unit.pk:
        changes |= {"responsible_department": heir, "search_text": words(issue, responsible=heir.name)}
    return changes
