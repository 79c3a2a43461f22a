"""Mutation tests of 意见建议: as ``test_rights_mutations``."""

import pytest

from core.exceptions import IllegalTransition, NotAllowed
from manual.domain import suggestions
from manual.models import Suggestion
from tests.cast import NOON
from tests.faults.fault import Fault, FaultTests, rewritten

pytestmark = pytest.mark.django_db
WHERE = "manual.domain.suggestions"


def sent(cast, author=None):
    return suggestions.send(author=author or cast.liaison, route="issues", text="字小", now=NOON)


def answered(one, cast, text="好"):
    return suggestions.answer(suggestion=one, actor=cast.sysadmin, text=text, now=NOON)


def nobody_but_the_administrator_answers(cast):
    with pytest.raises(NotAllowed):
        suggestions.answer(suggestion=sent(cast), actor=cast.office, text="好", now=NOON)


def it_is_answered_once(cast):
    one = sent(cast)
    answered(one, cast)
    with pytest.raises(IllegalTransition):
        answered(one, cast, "另一答复")
    assert Suggestion.objects.get(pk=one.pk).answer == "好"


def nobody_reads_what_others_wrote(cast):
    sent(cast)
    assert not suggestions.suggestions_visible_to(cast.office).exists()


FAULTS = [
    Fault(nobody_but_the_administrator_answers, rewritten(f"{WHERE}.answer", "    require_answerer(actor)\n")),
    Fault(it_is_answered_once, rewritten(f"{WHERE}.answer", "held.answered_at:", "False:")),
    Fault(
        nobody_reads_what_others_wrote, rewritten(f"{WHERE}.suggestions_visible_to", ".filter(author=user)", ".all()")
    ),
]


class TestSuggestionFaults(FaultTests):
    """Of the table above."""
