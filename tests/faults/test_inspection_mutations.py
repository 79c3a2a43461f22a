"""Guards of 督查记录: each is removed once, and its proof must fail without it."""

import pytest
from django.db import DatabaseError, transaction

from core.exceptions import Conflict, DomainError, NotAllowed, Refused
from issues.domain.inspections import records
from issues.domain.inspections.queries import inspections_visible_to
from issues.models import Inspection
from tests.cast import NOON
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten

pytestmark = pytest.mark.django_db
RECORDS = "issues.domain.inspections.records"


def nothing(*_):
    return None


def recorded(cast, actor=None, **data):
    given = {"day": NOON.date(), "inspectors": "甲", "units": [cast.unit], "summary": "好"} | data
    return records.record(campaign=cast.campaign, actor=actor or cast.office, now=NOON, **given)


def found(cast, inspection, unit=None):
    return records.add_finding(
        inspection=inspection, unit=unit or cast.unit, description="过期", actor=cast.office, now=NOON
    )


def the_office_alone_records(cast):
    with pytest.raises(NotAllowed):
        recorded(cast, cast.liaison)


def no_unit_of_another_region_is_inspected(cast):
    with pytest.raises(Refused):
        recorded(cast, units=[cast.namesake_unit])


def no_day_to_come_is_recorded(cast):
    with pytest.raises(Refused):
        recorded(cast, day=NOON.date().replace(day=30))


def a_finding_is_of_a_unit_that_was_inspected(cast):
    with pytest.raises(Refused):
        found(cast, recorded(cast), cast.second_unit)


def a_record_with_findings_stands(cast):
    made = recorded(cast)
    found(cast, made)
    with pytest.raises(Refused):
        records.strike(inspection=made, reason="误", actor=cast.office, now=NOON)


def a_record_is_struck_out_once(cast):
    made = recorded(cast)
    records.strike(inspection=made, reason="误", actor=cast.office, now=NOON)
    with pytest.raises(Conflict):
        records.strike(inspection=made, reason="误", actor=cast.office_second, now=NOON)


def a_record_stays_as_it_is(cast):
    recorded(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        Inspection.objects.update(summary="改")


def a_unit_does_not_read_the_record(cast):
    recorded(cast)
    assert not inspections_visible_to(cast.liaison).exists()


FAULTS = (
    Fault(the_office_alone_records, replaced(f"{RECORDS}.require_office", nothing)),
    Fault(
        no_unit_of_another_region_is_inspected,
        rewritten(f"{RECORDS}.record", " or unit.region_id != campaign.region_id", ""),
    ),
    Fault(
        no_day_to_come_is_recorded,
        rewritten(f"{RECORDS}.record", "<= min(today, campaign.ends_on):", "<= campaign.ends_on:"),
    ),
    Fault(
        a_finding_is_of_a_unit_that_was_inspected,
        rewritten(f"{RECORDS}.add_finding", "not inspection.units.filter(pk=unit.pk).exists()", "False"),
    ),
    Fault(
        a_record_with_findings_stands,
        rewritten(f"{RECORDS}.strike", "Issue.objects.filter(inspection=row).exists()", "False"),
    ),
    Fault(a_record_is_struck_out_once, replaced(f"{RECORDS}._require_in_force", nothing)),
    Fault(a_record_stays_as_it_is, no_triggers("issues_inspection")),
    Fault(
        a_unit_does_not_read_the_record,
        replaced(
            "issues.domain.inspections.queries.scope_of", lambda user: type("All", (), {"read_regions": range(99)})
        ),
    ),
)


class TestFaults(FaultTests):
    also = (DomainError,)
