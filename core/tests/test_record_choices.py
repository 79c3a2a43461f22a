"""Records chosen in a form: whatever is sent, a choice that names none is a fault of the choice."""

import pytest
from django import forms

from core.forms import RecordsField
from core.models import CalendarDay

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NO_IDS = ["9" * 20, "-" + "9" * 20, str(2**63), "9" * 5000, "1_0" * 20, "x", "\x00", "", "1.5", "٣"]


@pytest.mark.parametrize("given", NO_IDS)
@pytest.mark.parametrize("kind", [RecordsField, forms.ModelChoiceField])
def test_a_number_that_no_id_can_be_is_a_wrong_choice(kind, given):
    field = kind(CalendarDay.objects.all())
    with pytest.raises(forms.ValidationError):
        field.clean([given] if kind is RecordsField else given)


def test_what_there_is_may_be_chosen():
    days = [CalendarDay.objects.create(date=f"2022-06-0{n}", is_workday=True) for n in (1, 2)]
    assert set(RecordsField(CalendarDay.objects.all()).clean([str(day.pk) for day in days])) == set(days)


def test_no_list_at_all_is_refused_and_nothing_is_nothing():
    field = RecordsField(CalendarDay.objects.all(), required=False)
    assert list(field.clean(None)) == list(field.clean([])) == []
    with pytest.raises(forms.ValidationError):
        field.clean("9")
