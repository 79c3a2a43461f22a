"""Two people at the same moment: one draw is made, one list is issued, the other person is told."""

import pytest
import time_machine

from campaigns.domain import hotline
from campaigns.domain.hotline import TicketFigure
from campaigns.models import HotlineMonth
from catalogue.models import ServiceItem
from core.exceptions import DomainError
from core.models import AuditEntry
from notifications.models import Notice
from tests.cast import NOON, build_cast
from tests.race import at_once
from tests.scale import scaled
from walks.domain.draws import make_draw
from walks.models import Draw

ROUNDS = scaled(4, 40)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def one_refused(ends: list[Exception | None]) -> None:
    [refused] = [end for end in ends if end is not None]
    assert isinstance(refused, DomainError), repr(refused)


def test_two_people_who_draw_at_once_make_one_draw():
    cast = build_cast()
    for number in range(3):
        ServiceItem.objects.create(department=cast.unit, name=f"民政事项{number}")
    for number in range(ROUNDS):
        now = NOON.replace(year=2023 + number // 12, month=number % 12 + 1)
        given = {"campaign": cast.campaign, "department": cast.unit, "n": 2, "now": now}
        one_refused(
            at_once(
                lambda given=given: make_draw(actor=cast.liaison, **given),
                lambda given=given: make_draw(actor=cast.office, **given),
            )
        )
    assert Draw.objects.count() == AuditEntry.objects.filter(action="draw.made").count() == ROUNDS
    assert set(Draw.objects.values_list("number", flat=True)) == {1}


def test_a_list_is_issued_as_it_was_seen_or_imported_anew_never_both():
    cast = build_cast()
    for number in range(ROUNDS):
        code = f"{2023 + number // 12}-{number % 12 + 1:02d}"
        figures = [
            TicketFigure(cast.unit.pk, cast.unit.name, 7),
            TicketFigure(cast.second_unit.pk, cast.second_unit.name, 9),
        ]
        given = {"campaign": cast.campaign, "month": code, "file_name": "", "actor": cast.lead}
        with time_machine.travel(NOON.replace(year=2029), tick=False):
            hotline.save_figures(figures=figures, **given)
        month = HotlineMonth.objects.select_related("campaign").get(month=code)
        hotline.choose(month=month, cut=1, tied=None, actor=cast.lead)
        seen = hotline.token_of(hotline.ranking(month))
        one_refused(
            at_once(
                lambda month=month, seen=seen: hotline.issue(month=month, seen=seen, actor=cast.lead),
                lambda given=given, figures=figures: hotline.save_figures(figures=figures[:1], **given),
            )
        )
        month.refresh_from_db()
        listed = [row.name for row in hotline.ranking(month) if row.is_listed]
        assert (month.state, listed) in (("issued", ["县公安局"]), ("draft", []))
        told = Notice.objects.filter(dedupe_key__startswith=f"hotline:{month.pk}:").exists()
        assert told is (month.state == "issued")
