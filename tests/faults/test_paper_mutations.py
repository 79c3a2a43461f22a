"""Mutation tests of the papers of walks and units: each guard is removed once, and its proof must fail without it."""

import io

import docx
import pytest
from django.db.models import Q
from django.urls import reverse

from tests.cast import NOON, covert_walk, open_walk, reported_walk
from tests.faults.fault import Fault, FaultTests, replaced
from tests.faults.proofs import browser
from walks.domain import lifecycle as walk_lifecycle
from walks.models import Walk

pytestmark = pytest.mark.django_db


def an_unsigned_walk_has_no_paper(cast):
    walk = open_walk(cast)
    answer = browser(cast.liaison).get(reverse("walk_paper", args=[walk.pk, "walk-record"]))
    assert answer.status_code == 400


def a_covert_walk_is_no_gap_of_the_pack(cast):
    """Not even for the walker: who opens the pack need not be the one who asked for it."""
    covert_walk(cast, day=8)
    walk_lifecycle.perform(walk=Walk.objects.get(), action="begin", actor=cast.principal, now=NOON)
    page = browser(cast.principal).get(reverse("report_pack", args=["QH2022", "2022-06"])).content.decode()
    assert "尚未报送，没有列入" not in page


def who_was_called_back_is_masked_on_paper(cast):
    walk, _ = reported_walk(cast, with_components=True)
    answer = browser(cast.liaison).get(reverse("walk_paper", args=[walk.pk, "walk-record"]))
    paper = docx.Document(io.BytesIO(answer.getvalue()))
    assert "群众0" not in [cell.text for table in paper.tables for row in table.rows for cell in row.cells]


def a_lead_criticises_nobody(cast):
    address = reverse("paper", args=["QH2022", "2022-06", "criticism"])
    assert browser(cast.lead).get(address).status_code == 404


FAULTS = (
    Fault(a_lead_criticises_nobody, replaced("reports.documents.registry.Paper.fits", lambda paper, scope: True)),
    Fault(an_unsigned_walk_has_no_paper, replaced("reports.documents.walk_papers.require_ready", lambda walk: None)),
    Fault(a_covert_walk_is_no_gap_of_the_pack, replaced("reports.domain.unit_pack.not_hidden", Q)),
    Fault(
        who_was_called_back_is_masked_on_paper,
        replaced("reports.documents.walk_words.masked_person", lambda step: step.person),
    ),
)


class TestFaults(FaultTests):
    pass
