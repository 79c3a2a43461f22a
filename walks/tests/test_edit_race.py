"""Several people save one step, opened on the same version, at the same moment: one is saved, each other is told."""

import pytest

from core.exceptions import StaleVersion
from tests.cast import build_cast, open_walk
from tests.race import at_once
from tests.scale import scaled
from walks.domain import lifecycle
from walks.domain.stored import token_of_step
from walks.models import Step

pytestmark = pytest.mark.both_databases

ROUNDS, PEOPLE = scaled(3, 40), scaled(4, 12)


@pytest.mark.django_db(transaction=True)
def test_one_of_them_is_saved_and_the_others_are_told():
    cast = build_cast()
    for _ in range(ROUNDS):
        step = open_walk(cast).steps.get()
        ends = race(step, [cast.principal, cast.liaison] * (PEOPLE // 2))
        [saved] = [note for note, end in ends if end is None]
        assert Step.objects.get(pk=step.pk).note == saved
        assert {type(end) for _, end in ends if end is not None} == {StaleVersion}


def race(step: Step, people) -> list[tuple]:
    """(what was typed, None or the error) of each."""
    seen = token_of_step(step)

    def save(note, actor):
        own = Step.objects.select_related("walk").get(pk=step.pk)
        facts = {"stage": own.stage, "assessment": "", "happened_at": own.happened_at, "note": note}
        return lambda: lifecycle.edit_step(step=own, actor=actor, seen=seen, **facts)

    notes = [f"第 {number} 人" for number in range(len(people))]
    return list(zip(notes, at_once(*map(save, notes, people)), strict=True))
