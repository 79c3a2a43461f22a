"""The rules of a campaign as data. Pure: no ORM, no clock.

A rulebook is read from a template (one per notice) and frozen in a ``RuleVersion`` when the campaign is issued.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from campaigns.enums import ActivityKind, WalkMode
from core.periods import Period, parse_period, period_of

TEMPLATES = Path(__file__).resolve().parent.parent / "templates_data"


@dataclass(frozen=True)
class Rulebook:
    """What one notice demands.

    - ``cadence``: how often each principal walks (L22: at least ``minimum_per_period`` a calendar month)
    - ``cutoff_day``: last day of a monthly reporting period; None means the calendar month
    - ``report_day`` / ``summary_day``: calendar days of the month (L22: the 20th and the 22nd), inclusive to 24:00
    - ``receivers``: activity kind → part of the receiving unit's name; ``office``: part of the office's name
    - ``categories``: the campaign's own scheme of classes
    - ``strike_off``: ``lead`` (the lead unit, or the office) or ``office`` (the office only)
    - ``closing_evidence``: kinds of evidence a request for closing must carry
    - ``dispute_workdays``: 工作日 within which a unit may send an assigned issue back
    - ``look_back_days`` / ``deferral_days``: calendar days; ``reminder_days``: days before the due date
    """

    title: str
    notice: str
    cadence: str
    minimum_per_period: int
    cutoff_day: int | None
    report_day: int
    summary_day: int
    activity_kinds: tuple[str, ...]
    receivers: dict[str, str]
    office: str
    modes: tuple[str, ...]
    categories: tuple[str, ...]
    strike_off: str = "lead"
    closing_evidence: tuple[str, ...] = ()
    report_needs_evidence: bool = False
    dispute_workdays: int = 2
    look_back_days: int = 30
    reminder_days: tuple[int, ...] = (3, 0)
    deferral_days: int = 180
    delegation_allowed: bool = True

    def __post_init__(self):
        for name in ("activity_kinds", "modes", "categories", "closing_evidence", "reminder_days"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        unknown = set(self.activity_kinds) - set(ActivityKind.values) | set(self.modes) - set(WalkMode.values)
        if unknown:
            raise ValueError(f"规则中有无法识别的取值：{'、'.join(sorted(unknown))}")
        missing = [ActivityKind(kind).label for kind in self.activity_kinds if kind not in self.receivers]
        if missing:
            raise ValueError(f"规则缺少接收单位：{'、'.join(missing)}")

    def period_of(self, day) -> Period:
        """The reporting period a walk of that day belongs to (product.md section 4: (M−1)-21 … M-20 for L22)."""
        return period_of(day, kind="month", cutoff_day=self.cutoff_day)

    def period(self, code: str) -> Period:
        """Parse a period code under this campaign's cut-off; ValueError in words for a bad one."""
        return parse_period(code, cutoff_day=self.cutoff_day)

    def as_data(self) -> dict:
        """Canonical JSON form; ``Rulebook(**data)`` gives the same rulebook back."""
        return json.loads(json.dumps(asdict(self)))


def template_names() -> list[str]:
    """Names of the templates that stand ready."""
    return sorted(path.stem for path in TEMPLATES.glob("*.json"))


def load_template(name: str) -> Rulebook:
    """The rulebook of a notice; ValueError in words when there is no such template."""
    if name not in template_names():
        raise ValueError(f"没有名为“{name}”的活动模板。可用的模板：{'、'.join(template_names())}。")
    return Rulebook(**json.loads((TEMPLATES / f"{name}.json").read_text(encoding="utf-8")))
