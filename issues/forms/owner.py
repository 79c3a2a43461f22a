"""Choosing who rectifies: a person of the unit, or somebody without an account."""

from django import forms

UNKNOWN_PERSON = {"invalid_choice": "没有找到所选人员，请重新选择。"}


class OwnerChoices(forms.models.ModelChoiceIterator):
    """The people, then the choice for somebody without an account."""

    def __iter__(self):
        yield from super().__iter__()
        yield OwnerField.OTHER, "其他人员（填写姓名）"


class OwnerField(forms.ModelChoiceField):
    """A person of the unit, told apart by 职务; ``OTHER`` is nobody of the list, the name stands beside."""

    OTHER = "other"
    iterator = OwnerChoices
    titles: dict[int, str] = {}

    def to_python(self, value):
        return None if value == self.OTHER else super().to_python(value)

    def label_from_instance(self, obj):
        title = self.titles.get(obj.pk)
        return f"{obj.name}（{title}）" if title else obj.name
