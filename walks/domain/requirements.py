"""The components an activity must have (L22 二（一）至（三）): which records count, and what is missing. Pure."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.domain.rulebook.rulebook import Activity, RequiredComponent
from campaigns.enums import ActivityKind, Component

# The half of 参与一次审批服务 that a walk of this kind is by itself, by the stages noted in it.
OWN: dict[str, str] = {ActivityKind.PROCESS: Component.APPROVAL_WALK, ActivityKind.WINDOW: Component.APPROVAL_DESK}


@dataclass(frozen=True)
class NotedStep:
    """One thing noted in a walk: of a ``component``, or of a stage of the service when that is empty.

    ``on`` the local day; ``item_id`` what was checked; ``served_on`` when the person called had been served;
    ``is_valid`` reached and answered.
    """

    component: str
    on: date
    item_id: int | None = None
    served_on: date | None = None
    is_valid: bool = False


@dataclass(frozen=True)
class ComponentStatus:
    """How one part stands: ``noted`` records, of which ``counted`` count (in the part's own unit)."""

    component: RequiredComponent
    noted: int
    counted: int

    @property
    def is_met(self) -> bool:
        return self.counted >= self.component.least and not self.is_over

    @property
    def is_over(self) -> bool:
        return self.component.most is not None and self.counted > self.component.most

    @property
    def figure(self) -> str:
        """已做／应做, as 有效回访 2/3 个."""
        least, most, unit = self.component.least, self.component.most, self.component.unit
        wanted = f"{least}—{most}" if most not in (None, least) else f"{least}"
        return f"{self.counted}/{wanted} {unit}"

    @property
    def short(self) -> str:
        """What is wrong, in words; "" when the part is met."""
        if self.is_met:
            return ""
        name = "有效回访" if self.component.code == Component.SERVICE_CALLBACK else Component(self.component.code).brief
        if self.is_over:
            return f"{name} {self.counted} {self.component.unit}，最多 {self.component.most} {self.component.unit}"
        return f"{name} {self.counted}/{self.component.least} {self.component.unit}"


def component_statuses(activity: Activity | None, kind: str, done: Collection[NotedStep]) -> list[ComponentStatus]:
    """How each part of the activity stands in one walk of ``kind``, in the order of the notice."""
    return [_component_status(component, kind, done) for component in activity.components] if activity else []


def links_met(found: Collection[ComponentStatus]) -> int:
    """环节 (个) that are complete: those of which every part is met."""
    links = defaultdict(list)
    for one in found:
        links[one.component.link].append(one.is_met)
    return sum(all(met) for met in links.values())


def shortfall(activity: Activity | None, kind: str, done: Collection[NotedStep]) -> str:
    """What keeps a walk from counting as an activity of the notice, in words; "" when nothing does.

    "每次活动至少参与以下4个环节" (L22 二（一）): both 走流程 and 坐窗口, 2 to 3 items checked, 3 valid callbacks, and
    a 座谈.
    """
    if activity is None or not activity.links:
        return ""
    found = component_statuses(activity, kind, done)
    met = links_met(found)
    if met >= activity.links:
        return ""
    # As many are named as are counted: the parts of one 环节 stand together.
    lacking: dict[int, list[str]] = {}
    for one in found:
        if not one.is_met:
            lacking.setdefault(one.component.link, []).append(one.short)
    return f"完成 {met}/{activity.links} 个环节（{'；'.join('、'.join(shorts) for shorts in lacking.values())}）"


def counts_as_callback(one: NotedStep) -> bool:
    """A valid callback: the person was reached, answered, and had been served in the month before (L22 二（一）3)."""
    last_month = one.on.replace(day=1) - timedelta(days=1)
    served = one.served_on
    return one.is_valid and served is not None and (served.year, served.month) == (last_month.year, last_month.month)


def _component_status(component: RequiredComponent, kind: str, done: Collection[NotedStep]) -> ComponentStatus:
    of_it = [one for one in done if one.component == component.code]
    if component.code == Component.BUSINESS_CHECK:
        counted = len({one.item_id for one in of_it})
    elif component.code == Component.SERVICE_CALLBACK:
        counted = sum(counts_as_callback(one) for one in of_it)
    else:
        is_own = OWN.get(kind) == component.code and any(not one.component for one in done)
        counted = len(of_it) + is_own
    return ComponentStatus(component, len(of_it), counted)
