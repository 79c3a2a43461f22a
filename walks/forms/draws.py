"""The form of a random draw."""

from django import forms

from accounts.models import Department
from campaigns.domain.rulebook.rulebook import RequiredComponent
from core.forms import OnceForm, TextField


class DrawForm(OnceForm):
    """For which unit, how many items, and why again."""

    department = forms.TypedChoiceField(
        label="单位", coerce=int,
        error_messages={"required": "请选择单位。", "invalid_choice": "没有找到所选单位，请重新选择。"},
    )  # fmt: skip
    n = forms.TypedChoiceField(
        label="抽取项数", coerce=int, widget=forms.RadioSelect,
        error_messages={"required": "请选择抽取几项。", "invalid_choice": "请在列出的项数中选择。"},
    )  # fmt: skip
    reason = TextField(label="再次抽取的原因", required=False, max_length=200)

    def __init__(self, *args, units: list[Department], drawn: set[int], component: RequiredComponent, **kwargs):
        only = units[0].pk if len(units) == 1 else None
        super().__init__(*args, initial={"department": only, "n": component.least}, **kwargs)
        self.units = {unit.pk: unit for unit in units}
        named = [(unit.pk, f"{unit.name}（本月已抽取）" if unit.pk in drawn else unit.name) for unit in units]
        self.fields["department"].choices = named if only else [("", "请选择单位"), *named]
        self.fields["n"].choices = [
            (n, f"{n} 项") for n in range(component.least, (component.most or component.least) + 1)
        ]
        # The field itself stays, so that the same press sent twice reads the same after the first has drawn.
        self.asks_reason = any(unit.pk in drawn for unit in units)

    def wanted(self) -> dict:
        """Arguments of ``make_draw``."""
        cleaned = self.cleaned_data
        return {
            "department": self.units[cleaned["department"]],
            "n": cleaned["n"],
            "reason": cleaned["reason"],
        }
