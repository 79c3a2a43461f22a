"""Searching the ledger as people type."""

import pytest
from django.http import QueryDict

from issues.domain import lifecycle
from issues.tables import select
from tests.cast import NOON, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def found(cast, text: str) -> int:
    params = QueryDict(mutable=True)
    params["q"] = text
    return select(cast.office, params, NOON.date()).queryset.count()


FOUND = (
    *("QH2022-00001", "qh2022", "ＱＨ２０２２－００００１", "未一次性告知", "结婚登记", "jhdj", "JHDJ"),
    *("县民政局", "xmzj", "  告知   结婚 ", "00001 jhdj"),
)


def test_number_words_item_unit_and_initials_are_found_whatever_the_width(cast, subtests):
    issue_in(cast, "rectifying")
    for text in FOUND:
        with subtests.test(text):
            assert found(cast, text) == 1


def test_every_word_must_occur_and_no_sign_is_a_wildcard(cast, subtests):
    issue_in(cast, "rectifying")
    for text in ("告知 离婚", "%", "_", "QH2022-00002", "\\"):
        with subtests.test(text):
            assert found(cast, text) == 0


def test_the_person_and_the_unit_it_was_given_to_are_found_too(cast):
    issue_in(cast, "assigned")
    assert found(cast, "县公安局") == 1
    issue = issue_in(cast, "planning")
    data = {"responsible_name": "欧阳建国", "measures": "整改", "due_on": NOON.date()}
    lifecycle.perform(issue=issue, action="plan", actor=cast.liaison, data=data, now=NOON)
    assert found(cast, "欧阳建国") == 1
    assert found(cast, "oyjg") == 1
