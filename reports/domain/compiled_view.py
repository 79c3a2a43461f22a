"""What was compiled, beside what the ledger says now."""

from dataclasses import dataclass

from accounts.models import User
from core import audit
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.queries import summaries_visible_to
from reports.domain.summary import SummaryTable, contract
from reports.models import Summary

# These follow the day of judging, not what people did since.
JUDGED_BY_DAY = {"not_due", "overdue", "on_time_rate"}
NAMED = ("units_walked", "sessions", "person_times", "issues_found", "fixed_on_spot", "closed", "measures", "needs")


@dataclass(frozen=True)
class Compiled:
    """``digest`` of the figures shown, the ``summary`` kept (if any), and what changed since: (label, then, now)."""

    digest: str
    summary: Summary | None
    changed: bool
    changes: list[tuple[str, int, int]]


def compiled_view(user: User, query: ReportQuery, table: SummaryTable) -> Compiled:
    """The digest of the figures on screen and, for those who read every unit, how the compiled version differs."""
    data = contract(query.campaign.code, query.period, table)
    summary = None
    if query.report_scope.kind == "all":
        kept = summaries_visible_to(user).filter(campaign=query.campaign, period=query.period.code)
        summary = kept.select_related("compiled_by").order_by("-version").first()
    then = summary.data if summary else data
    changes = [(FIGURES[key].label, then[key], data[key]) for key in NAMED if then[key] != data[key]]
    return Compiled(audit.digest(data), summary, _lasting(then) != _lasting(data), changes)


def _lasting(data: dict) -> dict:
    units = [{key: value for key, value in unit.items() if key not in JUDGED_BY_DAY} for unit in data["units"]]
    return {key: value for key, value in data.items() if key not in JUDGED_BY_DAY} | {"units": units}
