"""The grid in which a plan is written, and the table that fills it."""

import json

from django import forms

from campaigns.enums import ActivityKind, DelegationReason
from core.exceptions import Refused
from core.forms import (
    ANSWER,
    DayInput,
    TextField,
    VersionedForm,
    answered_numbers,
    value_text,
)
from core.idempotency import FIELD
from core.tabular import ACCEPTED
from plans.domain.row_import import (
    COLUMNS,
    IN_PERSON,
    OTHER_NAMES,
    PART_OF,
    Desk,
    columns_of,
    kind_words,
    mode_words,
    read_day,
)
from plans.domain.rows import MAX_ROWS, RowDraft, item_name
from plans.domain.validation import Fault, asks_date, companion_kinds, companion_label, mode_label
from plans.models import PlanRow

MOST_COMPANIONS = 99
BLANK_AT_FIRST = 3
TEXTS = ("place", "questions", "remark")
CHOOSE = ("", "请选择")


class DayField(forms.DateField):
    """A day typed or pasted in any of the ways people write one."""

    def to_python(self, value):
        try:
            return read_day(value)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class PlanRowForm(forms.Form):
    """One row of the grid. What the rules do not ask for is no field of it."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    item = TextField(label="体验事项", max_length=160, error_messages={"required": "请填写体验事项"})
    activity_kind = forms.ChoiceField(label="活动类型", error_messages={"required": "请选择活动类型"})
    mode = forms.ChoiceField(label="体验形式", error_messages={"required": "请选择体验形式"})
    walker = forms.TypedChoiceField(label="体验人", coerce=int, error_messages={"required": "请选择体验人"})
    delegation_reason = forms.ChoiceField(label="委托理由", required=False)
    planned_on = DayField(label="计划时间", required=False, widget=DayInput())
    place = TextField(label="地点或渠道", required=False, max_length=120)
    questions = TextField(label="拟关注问题", required=False, max_length=500)
    remark = TextField(label="备注", required=False, max_length=200)

    def __init__(self, *args, desk: Desk, number: str, locked: PlanRow | None = None, **kwargs):
        super().__init__(*args, prefix=f"r{number}", use_required_attribute=False, **kwargs)
        self.desk, self.number, self.locked = desk, number, locked
        # What the rules say against the stored row: {field: [message]}.
        self.notes: dict[str, list[str]] = {}
        rules, fields = desk.rules, self.fields
        fields["item"].widget.attrs["list"] = "plan-items"
        fields["mode"].choices = [CHOOSE] + [(mode, mode_label(rules, mode)) for mode in rules.walking.modes]
        fields["walker"].choices = [CHOOSE] + [(one.user_id, one.label) for one in desk.leaders]
        kinds = list(dict.fromkeys(rules.activity_kinds))
        fields["activity_kind"].choices = [CHOOSE] + [(kind, ActivityKind(kind).label) for kind in kinds]
        if len(kinds) == 1:
            del fields["activity_kind"]
        reasons = rules.walking.delegation_reasons
        fields["delegation_reason"].choices = [("", "不委托")] + [(one, DelegationReason(one).label) for one in reasons]
        if not reasons:
            del fields["delegation_reason"]
        if not asks_date(rules):
            del fields["planned_on"]
        self.companions = companion_kinds(rules)
        for kind in self.companions:
            fields[f"companions_{kind}"] = forms.IntegerField(
                label=companion_label(rules, kind), required=False, min_value=0, max_value=MOST_COMPANIONS
            )
        for name, one in fields.items():
            one.widget.attrs |= {"aria-label": one.label, "data-cell": name}

    @property
    def cells(self) -> list[dict]:
        """The visible cells in the order of the columns, each with what is wrong with it."""
        wrong = self.errors if self.is_bound and not self.is_blank else {}
        if "planned_on" in wrong:
            # A date box would drop what was typed.
            self.fields["planned_on"].widget.attrs["type"] = "text"
        return [
            {"name": name, "field": self[name], "messages": [*wrong.get(name, ()), *self.notes.get(name, ())]}
            for name in column_names(self)
        ]

    @property
    def is_blank(self) -> bool:
        """True when nothing but what is preselected stands in the row."""
        typed = ["pk", "item", "planned_on", "place", "questions", "remark"]
        typed += [f"companions_{kind}" for kind in self.companions]
        return not any((self.data.get(self.add_prefix(name)) or "").strip() for name in typed)

    def clean_item(self):
        try:
            return self.desk.items.find(self.cleaned_data["item"])
        except Refused as error:
            raise forms.ValidationError(error.message) from error

    @property
    def draft(self) -> RowDraft:
        """The row as the domain stores it; only of a valid one."""
        got = self.cleaned_data
        counts = {kind: got.get(f"companions_{kind}") or 0 for kind in self.companions}
        return RowDraft(
            pk=got.get("pk"),
            item_id=got["item"].pk,
            activity_kind=got.get("activity_kind") or self.desk.rules.activity_kinds[0],
            mode=got["mode"],
            walker_id=got["walker"],
            delegation_reason=got.get("delegation_reason", ""),
            planned_on=got.get("planned_on"),
            place=got["place"],
            companions={kind: number for kind, number in counts.items() if number},
            questions=got["questions"],
            remark=got["remark"],
        )


def column_names(form: PlanRowForm) -> list[str]:
    """Fields of a row in the order of F1."""
    order = ("item", "activity_kind", "mode", "walker", "delegation_reason", "planned_on", "place")
    names = [*order, *(f"companions_{kind}" for kind in form.companions), "questions", "remark"]
    return [name for name in names if name in form.fields]


def _note_differences(row: PlanRowForm, stored: PlanRowForm) -> None:
    for name in column_names(row):
        field = row.fields[name]
        there = value_text(field, stored.get_initial_for_field(field, name))
        if there != value_text(field, row[name].value()):
            row.notes.setdefault(name, []).append(f"现在保存的是：{there}")


class PlanGridForm(VersionedForm):
    """The rows of a plan, saved as a whole. Their order is the order of the hidden ``row`` inputs.

    ``version``: of the plan that was shown. ``op``: what a button does without script (add, drop-3, copy-3, up-3).
    """

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    edits = ()

    def __init__(self, *args, desk: Desk, begun: dict[int, PlanRow], rows: list[RowDraft | PlanRow] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.desk, self.begun = desk, begun
        self.stored = {row.pk: row for row in rows}
        self.op = self.data.get("op", "") if self.is_bound else ""
        self.rows = self._sent() if self.is_bound else self._shown(list(rows))

    def is_valid(self) -> bool:
        """The head is in order and every row that is not blank can be read; blank rows are left out."""
        good = super().is_valid()
        filled = [row for row in self.rows if not (row.locked or row.is_blank)]
        bad = [row for row in filled if not row.is_valid()]
        bad = bad or self._ask_about_numbers(filled)
        if len(self.rows) > MAX_ROWS:
            self.add_error(None, f"一份计划最多 {MAX_ROWS} 行。")
        if bad or self.errors:
            self.status = 400
        return good and not bad and not self.errors

    def personal_words(self) -> list[tuple[str, str]]:
        """As of every form, with the number of the row before the name of the cell."""
        places = {
            row.add_prefix(name): f"第 {number} 行“{one.label}”"
            for number, row in enumerate(self.rows, start=1)
            for name, one in row.fields.items()
        }
        return [(places[name], "、".join(words)) for name, words in self.personal_data.items()]

    def drafts(self) -> list[RowDraft]:
        """The rows to store, in their order; of one that has begun only its place."""
        return [
            RowDraft(pk=row.locked.pk, item_id=0, mode="", walker_id=0) if row.locked else row.draft
            for row in self.rows
            if row.locked or not row.is_blank
        ]

    def content(self) -> dict[str, list[str]]:
        return {name: self.data.getlist(name) for name in self.data if name not in (FIELD, "csrfmiddlewaretoken", "op")}

    @property
    def cell_errors(self) -> list[dict]:
        """Every wrong cell with the number of its row, for the list above the grid."""
        return [
            {"row": number, "label": row.fields[name].label, "message": errors[0], "id": row[name].auto_id}
            for number, row in enumerate(self.rows, start=1)
            if row.is_bound and not (row.locked or row.is_blank)
            for name, errors in row.errors.items()
        ]

    @property
    def columns(self) -> list[tuple[str, str]]:
        """(name, head) of the columns."""
        blank = self.blank
        return [(name, blank.fields[name].label) for name in column_names(blank)]

    @property
    def blank(self) -> PlanRowForm:
        """An empty row, for the script to copy."""
        return self._row("x")

    @property
    def pasting(self) -> str:
        """What the script must know to read lines of F1 pasted into the grid, as JSON.

        ``parts``: what each column of F1 fills, in order; ``flag``: the column that tells F1 by its 是 and 否;
        ``heads``: {name of a column: what it fills}; ``words``: {cell: {word people write: value}}.
        """
        rules, blank = self.desk.rules, self.blank
        names = columns_of(rules)
        heads = {blank.fields[name].label: name for name in column_names(blank)}
        heads |= {name: PART_OF.get(name, "") for name in COLUMNS}
        heads |= {other: heads[name] for other, name in OTHER_NAMES.items()}
        words = {"mode": mode_words(rules), "activity_kind": kind_words(rules)}
        words["delegation_reason"] = dict.fromkeys(("否", "无"), "")
        parts = [[name, PART_OF.get(name, "")] for name in names]
        return json.dumps({"parts": parts, "flag": names.index(IN_PERSON), "heads": heads, "words": words})

    def mark(self, faults: list[Fault]) -> None:
        """Put what keeps the stored plan from being handed in at its cells; what has no cell stays out."""
        for fault in faults:
            if fault.row is None or self.rows[fault.row - 1].locked:
                continue
            row = self.rows[fault.row - 1]
            name = f"companions_{row.companions[0]}" if fault.field == "companions" and row.companions else fault.field
            row.notes.setdefault(name, []).append(fault.message)

    def rearrange(self) -> None:
        """Carry out the button that was pressed; nothing is stored and nothing typed is lost."""
        name, _, number = self.op.partition("-")
        place = next((place for place, row in enumerate(self.rows) if row.number == number), None)
        if name == "add":
            self.rows.append(self._row(self._next_number()))
        elif place is not None and name == "drop" and not self.rows[place].locked:
            del self.rows[place]
        elif place is not None and name == "copy" and not self.rows[place].locked:
            self.rows.insert(place + 1, self._copied(self.rows[place]))
        elif place is not None and name in ("up", "down"):
            other = max(0, min(len(self.rows) - 1, place + (1 if name == "down" else -1)))
            self.rows[place], self.rows[other] = self.rows[other], self.rows[place]

    def show_stored(self, stored: list[PlanRow]) -> None:
        """After a conflict: what is stored now at each cell that differs, above the grid the rows that were added."""
        shown = {row.data.get(row.add_prefix("pk")): row for row in self.rows if not row.locked}
        for one in stored:
            row = shown.get(str(one.pk))
            if row is not None:
                _note_differences(row, self._row("x", one))
        held = {str(row.locked.pk) for row in self.rows if row.locked} | set(shown)
        more = [f"{one.order}. {one.item.name}" for one in stored if str(one.pk) not in held]
        if more:
            words = f"现在保存的计划还有本页没有的 {len(more)} 行：{'；'.join(more)}。再次保存将去掉这些行。"
            self.add_error(None, words)

    def _ask_about_numbers(self, filled: list[PlanRowForm]) -> list[PlanRowForm]:
        """The rows in which an identity number or a phone is pointed out; none once that was answered."""
        asked = [(row, answered_numbers(row, self.data.get(ANSWER))) for row in filled]
        self.personal_data = {row.add_prefix(name): words for row, found in asked for name, words in found.items()}
        return [row for row, found in asked if found]

    def _sent(self) -> list[PlanRowForm]:
        numbers = dict.fromkeys(number for number in self.data.getlist("row") if number.isdecimal() and len(number) < 6)
        return [self._bound(number) for number in list(numbers)[: MAX_ROWS + 1]]

    def _bound(self, number: str) -> PlanRowForm:
        raw = self.data.get(f"r{number}-pk", "")
        pk = int(raw) if raw.isdecimal() and len(raw) < 12 else None
        stored = self.stored.get(pk)
        initial = {name: getattr(stored, name) for name in TEXTS} if stored else {}
        return PlanRowForm(self.data, desk=self.desk, number=number, locked=self.begun.get(pk), initial=initial)

    def _shown(self, rows: list) -> list[PlanRowForm]:
        forms_ = [self._row(str(number), row) for number, row in enumerate(rows)]
        more = 1 if rows else BLANK_AT_FIRST
        return forms_ + [self._row(str(number)) for number in range(len(rows), len(rows) + more)]

    def _row(self, number: str, row=None) -> PlanRowForm:
        if row is None:
            rules, leaders = self.desk.rules, self.desk.leaders
            initial = {"mode": rules.walking.modes[0], "activity_kind": rules.activity_kinds[0]}
            initial["walker"] = leaders[0].user_id if leaders else ""
            return PlanRowForm(desk=self.desk, number=number, initial=initial)
        names = ("activity_kind", "mode", "delegation_reason", "planned_on", "place", "questions", "remark", "pk")
        initial = {name: getattr(row, name) for name in names} | {"walker": row.walker_id}
        initial |= {f"companions_{kind}": count for kind, count in row.companions.items()}
        item = row.item if isinstance(row, PlanRow) else self.desk.items.by_id(row.item_id)
        initial["item"] = item_name(item, self.desk.department.pk)
        return PlanRowForm(desk=self.desk, number=number, locked=self.begun.get(row.pk), initial=initial)

    def _copied(self, row: PlanRowForm) -> PlanRowForm:
        number = self._next_number()
        data = self.data.copy()
        for name in row.fields:
            data[f"r{number}-{name}"] = "" if name == "pk" else data.get(row.add_prefix(name), "")
        self.data = data
        return PlanRowForm(data, desk=self.desk, number=number)

    def _next_number(self) -> str:
        return str(max((int(row.number) for row in self.rows), default=-1) + 1)


class PlanImportForm(forms.Form):
    """The file, and whether its rows stand instead of the present ones or after them."""

    file = forms.FileField(
        label="计划表",
        help_text=ACCEPTED,
        error_messages={"required": "请选择要导入的表格。", "empty": "文件是空的，请重新选择。"},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    way = forms.ChoiceField(
        label="导入方式",
        choices=[("replace", "代替现有各行"), ("append", "接在现有各行之后")],
        initial="replace",
        widget=forms.RadioSelect,
    )
