"""The form of who receives: each path with its receivers in order, and from which day where the campaign is issued."""

from django import forms
from django.utils import timezone

from accounts.enums import DepartmentKind
from campaigns.domain.receivers import (
    Path,
    ReceiverChange,
    coming_on,
    is_same,
    path_fault,
    path_label,
    receiver_choices,
    token_of_receivers,
)
from campaigns.enums import ActivityKind
from campaigns.models import Campaign
from core.forms import ContentTokenForm, DayInput, TextField
from core.templatetags.ui import cndate

LEAST_RECEIVERS = 3
UNKNOWN = {"invalid_choice": "没有这一选项，请重新选择。"}


def place_of(key: tuple[str, str]) -> int:
    """The number of a path in the names of its fields: its own, whatever other paths there are."""
    kind, unit_kind = key
    return ActivityKind.values.index(kind) + 10 * ["", *DepartmentKind.values].index(unit_kind)


class ReceiversForm(ContentTokenForm):
    """For each (activity kind, unit kind) its receivers in order, the first of which leads, and to whom they hand on.

    A path of its own for one kind of unit is added at the foot, and taken away by naming nobody. Of an issued campaign
    also from which day and why; the domain asks for both where a path changes. With no other unit chosen, another day
    or reason is meant for the change that is still to come; ``which`` says for which, where their days differ.
    """

    new_kind = forms.ChoiceField(required=False, label="活动类型", error_messages=UNKNOWN)
    new_unit = forms.ChoiceField(required=False, label="单位类型", error_messages=UNKNOWN)
    new_to = forms.ChoiceField(required=False, label="由谁接收", error_messages=UNKNOWN)
    since = forms.DateField(
        label="自何日起",
        required=False,
        widget=DayInput(),
        help_text="从这一天起由新的单位接收；以前的各期和已经开始的体验仍由原单位接收。",
        error_messages={"invalid": "日期应形如 2022-06-20。"},
    )
    which = forms.ChoiceField(
        label="给哪一项改期",
        required=False,
        help_text="没有改选接收单位、只改日期或原因时选择。",
        error_messages=UNKNOWN,
    )
    reason = TextField(
        label="调整原因",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 200}),
    )

    def __init__(self, *args, campaign: Campaign, routes: dict[tuple[str, str], list], **kwargs):
        today = timezone.localdate()
        coming = {key: coming_on(rows, today) for key, rows in routes.items()}
        self.coming = {key: day for key, day in coming.items() if day}
        days = set(self.coming.values())
        since = min(days) if len(days) == 1 else today
        super().__init__(*args, token=token_of_receivers(campaign), initial={"since": since}, **kwargs)
        self.routes, self.office = routes, campaign.office
        self.units = {str(unit.pk): unit for unit in receiver_choices(campaign)}
        self.choices = [(pk, unit.name) for pk, unit in self.units.items()]
        for key, receivers in routes.items():
            self._add_path(place_of(key), key, receivers)
        kinds = dict.fromkeys(kind for kind, _ in routes)
        self.fields["new_kind"].choices = [("", "不另设"), *((kind, ActivityKind(kind).label) for kind in kinds)]
        own = [choice for choice in DepartmentKind.choices if choice[0] != DepartmentKind.OFFICE]
        self.fields["new_unit"].choices = [("", "请选择"), *own]
        self.fields["new_to"].choices = [("", "请选择"), *self.choices]
        self.fields["which"].choices = [
            ("", "请选择"),
            *((str(place_of(key)), self._named(key)) for key in self.coming),
        ]
        if len(days) < 2:
            del self.fields["which"]
        if not campaign.issued_at:
            del self.fields["since"], self.fields["reason"]

    def _named(self, key: tuple[str, str]) -> str:
        return f"{path_label(*key)}（自 {cndate(self.coming[key])}起）"

    def _add_path(self, place: int, key: tuple[str, str], receivers: list) -> None:
        for order in range(max(LEAST_RECEIVERS, len(receivers) + 1)):
            leads, is_asked = order == 0, order == 0 and not key[1]
            nobody = "请选择" if is_asked else "取消这一路线" if leads else "不设"
            self.fields[f"r{place}_{order}"] = forms.ChoiceField(
                label="牵头接收" if leads else f"同时接收（{order}）",
                choices=[("", nobody), *self.choices],
                required=is_asked,
                initial=str(receivers[order].department_id) if order < len(receivers) else "",
                error_messages={"required": f"请选择“{ActivityKind(key[0]).label}”的接收单位。", **UNKNOWN},
            )
        then = receivers[0].then_id if receivers else None
        self.fields[f"t{place}"] = forms.ChoiceField(
            label="汇总后报",
            choices=[("", f"{self.office.name}（统筹单位）"), *self.choices],
            required=False,
            initial=str(then) if then and then != self.office.pk else "",
            error_messages=UNKNOWN,
        )

    def groups(self) -> list[tuple]:
        """What the page shows: (path in words, since which day where it is still to come, fields)."""
        found = []
        for key in self.routes:
            place = place_of(key)
            names = [name for name in self.fields if name.startswith(f"r{place}_") or name == f"t{place}"]
            found.append((path_label(*key), self.coming.get(key), [self[name] for name in names]))
        return found

    def change_fields(self) -> list:
        """From which day, for which change to come, and why: what the page asks of an issued campaign."""
        return [self[name] for name in ("since", "which", "reason") if name in self.fields]

    def clean(self):
        cleaned = super().clean()
        given = [cleaned.get(name) for name in ("new_kind", "new_unit", "new_to")]
        if any(given) and not all(given):
            self.add_error("new_kind", "另设路线要同时选择活动类型、单位类型和接收单位。")
        elif all(given) and (given[0], given[1]) in self.routes and self.seen_token == self.initial["seen"]:
            self.add_error("new_unit", "这类单位已有自己的路线，请在上面修改。")
        for key in self.routes:
            path = self._path(key)
            if path and path.then in path.units:
                self.add_error(f"t{place_of(key)}", path_fault(key, path))
        if (
            not self.errors
            and "which" in self.fields
            and self._is_other_day
            and not (self._moved() or cleaned["which"])
        ):
            self.add_error("which", "几项调整的日期不同，请选择给哪一项改期。")
        return cleaned

    @property
    def _is_other_day(self) -> bool:
        return not {"since", "which", "reason"}.isdisjoint(self.changed_data)

    def _path(self, key: tuple[str, str]) -> Path | None:
        place = place_of(key)
        names = [name for name in self.fields if name.startswith(f"r{place}_")]
        if any(name not in self.cleaned_data for name in (*names, f"t{place}")):
            return None
        given = [self.cleaned_data[name] for name in names]
        units = tuple(self.units[pk] for pk in dict.fromkeys(given) if pk) if given[0] or not key[1] else ()
        then = self.units.get(self.cleaned_data[f"t{place}"])
        return Path(units, None if then == self.office else then)

    def chosen(self) -> dict[tuple[str, str], Path]:
        """{(activity kind, unit kind): who receives, nobody twice} of the paths that change: those with other units,
        and the one to come that was named to take another day or reason, or where nothing else changes each."""
        moved, which = self._moved(), self.cleaned_data.get("which")
        if not which and (moved or not self._is_other_day):
            return moved
        return {key: self._path(key) for key in self.coming if not which or which == str(place_of(key))} | moved

    def _moved(self) -> dict[tuple[str, str], Path]:
        found = {key: self._path(key) for key in self.routes}
        found = {key: path for key, path in found.items() if not is_same(path, self.routes[key])}
        if self.cleaned_data["new_kind"]:
            key = (self.cleaned_data["new_kind"], self.cleaned_data["new_unit"])
            found[key] = Path((self.units[self.cleaned_data["new_to"]],))
        return found

    def change(self) -> ReceiverChange:
        """From which day and why; empty for a draft."""
        return ReceiverChange(self.cleaned_data.get("since"), self.cleaned_data.get("reason", ""))
