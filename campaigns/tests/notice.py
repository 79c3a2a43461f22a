"""A notice as an office meets it: its template drafted for the notice's own days, and the page that shows it."""

from dataclasses import dataclass
from functools import cache

from django.test import Client

from accounts.domain.memberships import grant_membership
from accounts.enums import DepartmentKind, Role
from accounts.models import Department, Region, User
from campaigns.domain.lifecycle import draft
from campaigns.domain.receivers import find_receivers
from campaigns.domain.rulebook.due_dates import deadlines
from campaigns.domain.rulebook.rulebook import Rulebook, load_template
from campaigns.domain.rulebook.wording import Clause, clauses
from campaigns.domain.setup import working_version
from campaigns.models import Receiver
from core.calendar import official_calendar


@dataclass
class Notice:
    """``said``: heading → clause, of ``clauses`` in order; ``page``: the text of the setup page; ``routes``: whom the
    rules name as receivers, rows not saved."""

    office: str
    rules: Rulebook
    routes: list[Receiver]
    said: dict[str, Clause]
    clauses: list[Clause]
    page: str

    def says(self, heading: str, text: str, source: str) -> bool:
        """The rule reads so, cites so, and both stand on the page."""
        clause = self.said[heading]
        assert (clause.text, clause.source) == (text, source)
        return text in self.page and source in self.page

    def dates(self, kind: str) -> list[str]:
        """Due dates of one kind within the notice's own window, as ISO dates."""
        return [str(one.due_on) for one in deadlines(self.rules, official_calendar()) if one.kind == kind]

    def receivers(self, kind: str, unit_kind: str = "") -> list[str]:
        return [one.department.name for one in self.routes if (one.activity_kind, one.unit_kind) == (kind, unit_kind)]


@cache
def read_notice(template: str, *, office: str, units: tuple[str, ...] = ()) -> Notice:
    """Draft the template in a fresh region with the units named, and open the setup page as the office. Read once a
    process: the tests of a notice change nothing."""
    client = Client()
    region = Region.objects.create(name="青禾县")
    place = Department.objects.create(region=region, name=office, kind=DepartmentKind.OFFICE)
    for order, name in enumerate((*units, "县民政局"), start=1):
        Department.objects.create(region=region, name=name, order=order, is_approval=True)
    user = User.objects.create(username="office", name="统筹")
    grant_membership(user=user, department=place, role=Role.OFFICE)
    window = load_template(template)
    campaign = draft(
        template=template,
        code="TZ",
        name="按通知开展的活动",
        office=place,
        start=window.starts_on,
        end=window.ends_on,
        actor=user,
    )
    _, rules = working_version(campaign)
    client.force_login(user)
    page, told = client.get("/campaigns/TZ/setup/").text, clauses(rules)
    routes = find_receivers(campaign=campaign, rules=rules)
    return Notice(campaign.office.name, rules, routes, {one.heading: one for one in told}, told, page)
