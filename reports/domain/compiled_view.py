"""What was compiled, beside what the ledger says now."""

from dataclasses import dataclass

from accounts.models import User
from core import audit
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.queries import summaries_visible_to
from reports.domain.summary import NEEDS, ZERO, SummaryTable, contract
from reports.models import Summary

# These follow the day of judging, not what people did since.
JUDGED_BY_DAY = {"not_due", "overdue", "on_time_rate"}
NAMED = ("units_walked", "sessions", "person_times", "issues_found", "fixed_on_spot", "closed", "measures", *NEEDS)


@dataclass(frozen=True)
class Compiled:
    """``digest`` of the figures shown, the ``versions`` kept, the newest first, and what changed since the newest:
    (label, then, now). ``is_compared`` False: what is shown is judged on an earlier day than the newest version."""

    digest: str
    versions: list[Summary]
    is_compared: bool
    changed: bool
    changes: list[tuple[str, int, int]]

    @property
    def summary(self) -> Summary | None:
        return self.versions[0] if self.versions else None


def compiled_view(user: User, query: ReportQuery, table: SummaryTable) -> Compiled:
    """The digest of the figures on screen and, for those who read every unit, how the compiled version differs."""
    data = contract(query.campaign.code, query.period, table)
    versions: list[Summary] = []
    if query.report_scope.kind == "all":
        kept = summaries_visible_to(user).filter(campaign=query.campaign, period=query.period.code)
        versions = list(kept.select_related("compiled_by").order_by("-version"))
    # Figures of an earlier day differ from the version because of the day, not because of what was done since.
    is_compared = bool(versions) and query.as_of >= versions[0].as_of
    then = versions[0].data if is_compared else data
    changes = [(FIGURES[key].label, then[key], data[key]) for key in NAMED if then[key] != data[key]]
    before, after = (sum(len(one["units"]) for one in side["zero_reports"]) for side in (then, data))
    changes += [(ZERO, before, after)] if before != after else []
    return Compiled(audit.digest(data), versions, is_compared, _lasting(then) != _lasting(data), changes)


def _lasting(data: dict) -> dict:
    units = [{key: value for key, value in unit.items() if key not in JUDGED_BY_DAY} for unit in data["units"]]
    return {key: value for key, value in data.items() if key not in JUDGED_BY_DAY} | {"units": units}
