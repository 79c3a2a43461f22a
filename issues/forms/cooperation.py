"""The form of a unit that helps: how far its part is."""

from django import forms

from issues.forms.base import ActionForm, area_field


class NoteHelpForm(ActionForm):
    press = "提交配合进展"
    note = area_field("配合进展", 1000, rows=4)
    is_done = forms.BooleanField(label="本单位的配合任务已完成", required=False)
    asked = ("note",)
