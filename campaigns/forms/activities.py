"""Activities of a campaign: which kinds belong together, who takes part, which 环节 each must have."""

from dataclasses import dataclass, replace
from functools import cache

from django import forms

from campaigns.domain.rulebook.rulebook import Activity, RequiredComponent, Rulebook, load_template
from campaigns.enums import ActivityKind, Component, UnitList
from campaigns.forms.rules import RuleForm, RuleRow, number, several
from core.forms import TextField

MOST_TIMES = 99


@dataclass(frozen=True)
class ActivityOffer:
    """A component that may be asked for, and in which activity of L22 it stands (``family``)."""

    component: RequiredComponent
    family: int


@cache
def _known() -> tuple[Activity, ...]:
    """The activities of the one notice that prescribes components (L22 二（一）至（三）)."""
    return load_template("lantian-2022").activities


@cache
def _offers_known() -> tuple[ActivityOffer, ...]:
    return tuple(
        ActivityOffer(component, family)
        for family, activity in enumerate(_known())
        for component in activity.components
    )


@dataclass(frozen=True)
class Block:
    """One activity on the page: head fields, and its components, each (tick, least, most, unit)."""

    title: str
    head: list[tuple]
    components: list[tuple]


class ActivitiesForm(RuleForm):
    """The activities that stand, and one empty block for each kind that belongs to none; without a kind ticked, a
    block is left out."""

    group = "activities"

    def __init__(self, *args, rules: Rulebook, **kwargs):
        super().__init__(*args, rules=rules, **kwargs)
        self.starts = [*rules.activities, *_missing(rules)]
        for place, activity in enumerate(self.starts):
            self._add_block(place, activity, is_new=place >= len(rules.activities))

    def read(self, rules):
        return {}

    def _add_block(self, place: int, activity: Activity, *, is_new: bool) -> None:
        key = f"a{place}_"
        self.fields[f"{key}name"] = TextField(label="名称", required=False, max_length=30, initial=activity.name)
        kinds = [] if is_new else list(activity.kinds)
        self.fields[f"{key}kinds"] = several("活动类型", ActivityKind.choices, initial=kinds)
        self.fields[f"{key}units"] = several("参与单位", UnitList.choices, initial=list(activity.units))
        self.fields[f"{key}links"] = number(
            "每次至少（个环节）",
            0,
            len(_offers_known()),
            required=False,
            initial=activity.links,
            help_text="0 为不作要求。",
        )
        chosen = {component.code: component for component in activity.components}
        for offer in _offers(activity):
            component = chosen.get(offer.component.code)
            name = f"{key}{offer.component.code}"
            label = Component(offer.component.code).label
            self.fields[name] = forms.BooleanField(label=label, required=False, initial=component is not None)
            self.fields[f"{name}_least"] = number(
                f"{label}：最少", 1, MOST_TIMES, required=False, initial=(component or offer.component).least
            )
            self.fields[f"{name}_most"] = number(
                f"{label}：最多", 1, MOST_TIMES, required=False, initial=(component or offer.component).most
            )

    def rows(self) -> list[RuleRow]:
        return []

    def blocks(self) -> list[Block]:
        """What the page shows, an activity a panel."""
        return [self._block(place, activity) for place, activity in enumerate(self.starts)]

    def _block(self, place: int, activity: Activity) -> Block:
        key = f"a{place}_"
        looks = (("kinds", "chips"), ("name", ""), ("units", "chips"), ("links", ""))
        components = []
        for offer in _offers(activity):
            name = f"{key}{offer.component.code}"
            components.append((self[name], self[f"{name}_least"], self[f"{name}_most"], offer.component.unit))
        title = activity.name if place < len(self.rules.activities) else f"{activity.name}（未列入）"
        return Block(title, [(self[f"{key}{name}"], look) for name, look in looks], components)

    def clean(self):
        cleaned = super().clean()
        for place, activity in enumerate(self.starts):
            if cleaned.get(f"a{place}_kinds"):
                self._require_block(cleaned, place, activity)
        return cleaned

    def _require_block(self, cleaned: dict, place: int, activity: Activity) -> None:
        key = f"a{place}_"
        if not cleaned.get(f"{key}units"):
            self.add_error(f"{key}units", "请选择哪些单位参与。")
        for offer in _offers(activity):
            name = f"{key}{offer.component.code}"
            least, most = cleaned.get(f"{name}_least") or 1, cleaned.get(f"{name}_most")
            if cleaned.get(name) and most is not None and most < least:
                self.add_error(
                    f"{name}_most", f"最多 {most} {offer.component.unit}少于最少 {least} {offer.component.unit}。"
                )

    def values(self):
        chosen = [place for place in range(len(self.starts)) if self.cleaned_data[f"a{place}_kinds"]]
        return {"activities": tuple(self._activity(place) for place in chosen)}

    def _activity(self, place: int) -> Activity:
        start, key, given = self.starts[place], f"a{place}_", self.cleaned_data
        kinds = _in_order(start.kinds, given[f"{key}kinds"])
        components: list[RequiredComponent] = []
        links: dict[tuple[int, int], int] = {}
        for offer in _offers(start):
            name = f"{key}{offer.component.code}"
            if given[name]:
                link = links.setdefault((offer.family, offer.component.link), len(links) + 1)
                least, most = given[f"{name}_least"] or 1, given[f"{name}_most"]
                components.append(replace(offer.component, link=link, least=least, most=most))
        title = given[f"{key}name"] or "、".join(ActivityKind(kind).label for kind in kinds)
        units = _in_order(start.units, given[f"{key}units"])
        return Activity(title, kinds, units, given[f"{key}links"] or 0, tuple(components))


def _missing(rules: Rulebook) -> list[Activity]:
    """An empty activity for each kind the rules leave out, for the units its name mentions."""
    units = {ActivityKind.ENFORCEMENT: UnitList.ENFORCEMENT, ActivityKind.COMPLAINT: UnitList.HOTLINE}
    return [
        Activity(ActivityKind(kind).label, (kind,), (units.get(kind, UnitList.ALL).value,))
        for kind in ActivityKind.values
        if kind not in rules.activity_kinds
    ]


def _offers(activity: Activity) -> list[ActivityOffer]:
    families = {family for family, known in enumerate(_known()) if set(known.kinds) & set(activity.kinds)}
    chosen = {component.code for component in activity.components}
    return [offer for offer in _offers_known() if offer.family in families or offer.component.code in chosen]


def _in_order(old: tuple[str, ...], chosen: list[str]) -> tuple[str, ...]:
    return old if set(old) == set(chosen) else tuple(chosen)
