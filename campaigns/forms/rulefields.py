"""Fields that tell a due date as data: the way, and the one number or date that way needs."""

from datetime import date

from django import forms

from campaigns.domain.rulebook.consistency import LIMITS, MOST_WORKDAYS, WAYS
from campaigns.domain.rulebook.due_rule import Due
from campaigns.enums import DueWay
from core.periods import OUT_OF_RANGE, in_range

# The sentence of each way, around its number.
SENTENCES = {
    DueWay.MONTH_DAY: ("每月", "日前（含当日）"),
    DueWay.NEXT_MONTH_DAY: ("次月", "日前（含当日）"),
    DueWay.NEXT_WORKDAYS: ("下一期开始后", "个工作日内（报上一期）"),
    DueWay.AFTER_WALKS: ("体验截止后", "个工作日内"),
}
WEEKDAY_WAYS = {DueWay.WEEKDAY: "当周", DueWay.NEXT_WEEKDAY: "次周"}
WEEKDAY_NAMES = [(number, f"星期{name}前（含当日）") for number, name in enumerate("一二三四五六日", start=1)]


class DueWidget(forms.Widget):
    """One radio a way, each with its own number, weekday or date beside it: works without a script."""

    template_name = "campaigns/setup/_due.html"
    use_fieldset = True

    def __init__(self, ways: dict[str, str], fits: dict[str, tuple[str, ...]]):
        super().__init__()
        self.ways, self.fits = ways, fits

    def value_from_datadict(self, data, files, name) -> dict[str, str]:
        way = data.get(name, "")
        part = "on" if way == DueWay.DATE else f"n_{way}"
        return {"way": way, "value": data.get(f"{name}_{part}", "").strip()}

    def id_for_label(self, id_, index=None):
        return f"{id_}_0" if index is None else f"{id_}_{index}"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        shown = {"way": value.way, "value": value.on or value.n or ""} if isinstance(value, Due) else value or {}
        id_ = context["widget"]["attrs"].get("id", f"id_{name}")
        context["widget"]["ways"] = [
            self._way(name, f"{id_}_{index}", way, label, shown) for index, (way, label) in enumerate(self.ways.items())
        ]
        return context

    def _way(self, name: str, id_: str, way: str, label: str, shown: dict) -> dict:
        chosen = shown.get("way") == way
        before, after = SENTENCES.get(way, (WEEKDAY_WAYS.get(way, label), ""))
        kind = "date" if way == DueWay.DATE else "weekday" if way in WEEKDAY_WAYS else "number"
        return {
            "id": id_,
            "value": way,
            "checked": chosen,
            "before": before,
            "after": after,
            "kind": kind if way in SENTENCES or way in WEEKDAY_WAYS or way == DueWay.DATE else "",
            "input": f"{name}_on" if kind == "date" else f"{name}_n_{way}",
            "given": str(shown.get("value", "")) if chosen else "",
            "most": LIMITS.get(way, MOST_WORKDAYS),
            "weekdays": [(str(number), words) for number, words in WEEKDAY_NAMES],
            "rhythms": " ".join(str(rhythm.value) for rhythm, ways in self.fits.items() if way in ways),
        }


class DueField(forms.Field):
    """A ``Due``; each way asks only for what it needs, and drops what another way would have needed.

    ``ways``: way → its words where it takes no number; ``fits``: which ways are shown for which rhythm of the page.
    """

    def __init__(self, *, ways: dict[str, str], fits: dict[str, tuple[str, ...]] = WAYS, **kwargs):
        super().__init__(widget=DueWidget(ways, fits), **kwargs)
        self.ways = ways

    def clean(self, value) -> Due:
        way, given = value["way"], value["value"]
        if way not in self.ways:
            raise forms.ValidationError("请选择一种期限。", code="required")
        if way == DueWay.DATE:
            return Due(way, on=_date(given).isoformat())
        if way in SENTENCES or way in WEEKDAY_WAYS:
            return Due(way, n=self._number(way, given))
        return Due(way)

    def _number(self, way: str, given: str) -> int:
        most = LIMITS.get(way, MOST_WORKDAYS)
        if not (given.isascii() and given.isdigit() and len(given) < 4 and 1 <= int(given) <= most):
            raise forms.ValidationError(f"“{DueWay(way).label}”应填 1 至 {most} 的整数。")
        return int(given)

    def has_changed(self, initial, data) -> bool:
        return True


def _date(given: str) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise forms.ValidationError("选了固定日期，请填写日期，如 2022-06-20。") from error
    if not in_range(day):
        raise forms.ValidationError(OUT_OF_RANGE)
    return day
