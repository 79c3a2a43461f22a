"""The form over the measures of an issue: who sees to each, by when, how far it is."""

from issues.domain.measure_progress import MeasureNote, current_measures, note_of
from issues.forms.base import ActionForm, area_field, day_field, line_field

FIELDS = ("owner", "due_on", "progress")


class TrackMeasuresForm(ActionForm):
    hint = "逐条填写责任人、完成时限和进展；没有变化的不用改。"
    press = "保存措施进展"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.measures = current_measures(self.issue)
        for number, measure in enumerate(self.measures, start=1):
            made = (
                line_field(f"第 {number} 条责任人", 60, help_text=f"措施：{measure.text}"),
                day_field(f"第 {number} 条完成时限"),
                area_field(f"第 {number} 条进展", 500, rows=2),
            )
            for name, made_field in zip(FIELDS, made, strict=True):
                made_field.initial = getattr(measure, name)
                self.fields[f"{name}_{measure.pk}"] = made_field
        self.edits = tuple(f"{name}_{measure.pk}" for measure in self.measures for name in FIELDS)

    def payload(self) -> dict:
        data = self.cleaned_data
        notes = {one.pk: MeasureNote(*(data[f"{name}_{one.pk}"] for name in FIELDS)) for one in self.measures}
        changed = [
            f"{number}.{notes[one.pk].progress or one.text}"
            for number, one in enumerate(self.measures, start=1)
            if notes[one.pk] != note_of(one)
        ]
        return {"notes": notes, "note": "\n".join(changed)}
