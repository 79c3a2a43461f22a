"""并案: the issue it is merged into is picked, from those that are alike or from a search, never typed."""

from django import forms

from issues.domain.duplicates import Likely, likely_of, mergeable, searched_for
from issues.forms.base import ActionForm, area_field

SEARCH = "q"
NOT_THERE = "没有找到所选问题，或它已不在台账上，请重新选择。"


class PickedIssueField(forms.ModelChoiceField):
    """An issue by its number; ``queryset`` says which may be picked, the choices only which are shown."""

    def offer(self, rows: list[Likely]) -> None:
        self.choices = [(row.number, _words(row)) for row in rows]


class MergeForm(ActionForm):
    target = PickedIssueField(
        None,
        label="并入哪一件",
        required=False,
        to_field_name="number",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_THERE},
    )
    note = area_field("说明", 500)
    asked = ("target",)
    hint = "两个编号和两个发现单位都会保留。"
    # The page shows a search above the form.
    is_searched = True

    def __init__(self, *args, request, issue, **kwargs):
        super().__init__(*args, request=request, issue=issue, **kwargs)
        self.search = request.GET.get(SEARCH, "").strip()[:100]
        alike, found = likely_of(self.user, issue), searched_for(self.user, issue, self.search)
        rows = {row.number: row for row in [*found, *alike]}
        target = self.fields["target"]
        target.queryset = mergeable(self.user, issue)
        target.offer(list(rows.values()))
        self.has_choices = bool(rows)
        target.initial = request.GET.get("target", "")[:40]
        target.help_text = _found_words(self.search, len(found), len(alike))

    def payload(self) -> dict:
        data = super().payload()
        return data | {"target": data["target"].number if data["target"] else ""}


def _words(row: Likely) -> str:
    day = row.found_on.isoformat()
    return f"{row.number} {row.description[:80]}（{row.unit}，{day} 发现，{row.state_label}）"


def _found_words(search: str, found: int, alike: int) -> str:
    if search:
        return f"查到 {found} 件。" if found else "没有查到。请换几个字再查。"
    return f"单位、事项、分类相同，文字相近的有 {alike} 件。" if alike else "没有相近的问题，请在上面查找。"
