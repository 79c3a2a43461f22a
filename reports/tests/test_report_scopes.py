"""Whose figures a person reads, and what of them."""

import pytest

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from accounts.models import User
from accounts.scope import scope_of
from reports.domain.compile import compile_period, period_in
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.queries import report_scopes, reported_campaigns, summaries_visible_to
from reports.tests.world import AS_OF

pytestmark = pytest.mark.both_databases


def kinds(world, persona) -> list[str]:
    user = User.objects.get(username=persona)
    found = report_scopes(user, [world.cast.campaign])
    return [report_scope.kind for report_scope in found[world.cast.campaign.pk]]


@pytest.mark.parametrize(
    ("persona", "expected"),
    [
        ("office", ["all"]),
        ("office_city", ["all"]),
        ("supervisor", ["all"]),
        ("lead", ["lead"]),
        ("principal", ["unit"]),
        ("deputy", ["unit"]),
        ("liaison", ["unit"]),
        ("second_liaison", ["unit"]),
        ("responsible", []),
        ("namesake", []),
        ("office_other_county", []),
        ("sysadmin", []),
        ("secadmin", []),
        ("auditor", []),
        ("disabled", []),
    ],
)
def test_each_part_gives_its_outlook(world, persona, expected):
    assert kinds(world, persona) == expected
    seen = [campaign.code for campaign, _ in reported_campaigns(world.cast.people[persona])]
    assert seen == (["QH2022"] if expected else [])


def test_a_person_with_two_parts_chooses_between_them(world):
    grant_membership(user=world.cast.liaison, department=world.cast.lead_unit, role=Role.LEAD)
    assert kinds(world, "liaison") == ["lead", "unit"]


def rows(world, persona, figure, kind):
    [report_scope] = [
        one
        for one in report_scopes(world.cast.people[persona], [world.cast.campaign])[world.cast.campaign.pk]
        if one.kind == kind
    ]
    query = ReportQuery(world.cast.campaign, period_in(world.cast.campaign, "all"), AS_OF, report_scope)
    return set(FIGURES[figure].rows(query))


def test_a_units_line_holds_the_issues_it_found_and_no_other(world):
    found = rows(world, "liaison", "issues_found", "unit")
    everything = rows(world, "office", "issues_found", "all")
    assert found == {issue for issue in everything if issue.discovering_department == world.cast.unit}
    assert everything - found == {world.issues["second"]}


def test_an_issue_handed_over_to_a_unit_stays_in_the_line_of_its_finder(world):
    world.issues["second"].__class__.objects.filter(pk=world.issues["second"].pk).update(
        responsible_department=world.cast.unit
    )
    assert world.issues["second"] not in rows(world, "liaison", "issues_found", "unit")
    assert world.issues["second"] in rows(world, "second_principal", "issues_found", "unit")


def test_a_lead_reads_what_it_received(world):
    received = rows(world, "lead", "sessions", "lead")
    assert len(received) == 3
    assert {walk.receiver for walk in received} == {world.cast.lead_unit}
    assert world.issues["second"] not in rows(world, "lead", "issues_found", "lead")


def test_a_walk_that_was_not_reported_is_in_no_figure_also_for_its_own_unit(world):
    assert {walk.state for walk in rows(world, "principal", "sessions", "unit")} == {"reported"}
    assert world.cast.campaign.walks.filter(state="in_progress").count() == 1


def test_compiled_periods_are_for_those_who_read_every_unit(world):
    compile_period(campaign=world.cast.campaign, period=period_in(world.cast.campaign, "2022-06"), actor=None)
    readers = {name for name, user in world.cast.people.items() if summaries_visible_to(user).exists()}
    assert readers == {"office", "office_second", "office_city", "supervisor"}


@pytest.mark.parametrize("count", [1, 3])
def test_outlooks_of_many_campaigns_cost_two_queries(world, count, django_assert_num_queries):
    grant_membership(user=world.cast.liaison, department=world.cast.lead_unit, role=Role.LEAD)
    user = User.objects.get(username="liaison")
    scope_of(user)
    with django_assert_num_queries(2):
        report_scopes(user, [world.cast.campaign] * count)
