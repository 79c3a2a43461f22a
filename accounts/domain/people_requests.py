"""People imported on a page: accounts as ever, but every role becomes a request (三员分立)."""

from collections.abc import Sequence

from accounts.domain import role_requests
from accounts.domain.imports import Accounts, ImportedPerson
from accounts.domain.memberships import grant_membership
from accounts.enums import AccountKind, Decision
from accounts.models import RoleRequest, User

Key = tuple[str, int | None, str]


def kinds_named(usernames: Sequence[str]) -> dict[str, list[str]]:
    """{user name: kinds a file may name} of business accounts that wait to become an administrator, or were refused.

    One that waits is taken for what it waits to be; one that was refused may be named either way.
    """
    found: dict[str, list[str]] = {}
    for one in role_requests.open_requests(usernames):
        if one.department_id is None and one.user.kind == AccountKind.STAFF:
            waits = one.decision == Decision.WAITING
            kinds = found.setdefault(one.user.username, [] if waits else [AccountKind.STAFF.value])
            kinds.append(one.role)
    return found


class RequestedAccounts(Accounts):
    """Where the command grants, this asks: a role that is neither held nor asked for becomes a request.

    ``held``: roles in force, ``open``: requests not granted; both by (user name, unit, role). A refused one is not
    asked for again.
    """

    def __init__(self, people: list[ImportedPerson], *, end_old: bool = False):
        super().__init__(people, end_old=end_old)
        self.held: set[Key] = set(self.titles)
        self.held |= {(name, None, user.kind) for name, user in self.users.items() if user.kind != AccountKind.STAFF}
        requests = role_requests.open_requests([person.username for person in people])
        self.open: dict[Key, RoleRequest] = {}
        for one in requests:
            self.open.setdefault((one.user.username, one.department_id, one.role), one)
        self.titles = {key: one.title for key, one in self.open.items()} | self.titles
        for person in people:  # the kind of an account bears no title
            key = (person.username, None, person.kind)
            if key in self.held or key in self.open:
                self.titles[key] = person.title
        self.fresh: list[RoleRequest] = []
        self.retitled: list[RoleRequest] = []

    def wanted(self, person: ImportedPerson) -> list[tuple[int | None, str]]:
        return super().wanted(person) if person.kind == AccountKind.STAFF else [(None, person.kind)]

    def kind_of(self, person: ImportedPerson) -> str:
        """Business without a role, until 安全管理员 decides."""
        return AccountKind.STAFF

    def give(self, person: ImportedPerson, role: str, actor: User | None) -> None:
        user, unit = self.users[person.username], person.unit
        key = (person.username, unit and unit.pk, role)
        if key in self.held and unit is not None:
            grant_membership(user=user, department=unit, role=role, title=person.title, actor=actor)
        elif key in self.open:
            self.open[key].title = person.title
            self.retitled.append(self.open[key])
        else:
            one = RoleRequest(user=user, department=unit, role=role, title=person.title, requested_by=actor)
            self.fresh.append(one)

    def finish(self, actor: User | None) -> None:
        role_requests.ask(requests=self.fresh, actor=actor)
        role_requests.retitle(requests=self.retitled)

    def held_in(self, person: ImportedPerson) -> list[str]:
        """The roles in force that the account has in the line's unit, or the kind of administrator it is."""
        unit = person.unit and person.unit.pk
        return [role for name, place, role in sorted(self.held, key=str) if (name, place) == (person.username, unit)]

    def open_in(self, person: ImportedPerson, decision: str) -> list[RoleRequest]:
        """The account's requests for the line's unit that stand with this decision."""
        unit = person.unit and person.unit.pk
        return [
            one
            for (name, place, _), one in self.open.items()
            if (name, place, one.decision) == (person.username, unit, decision)
        ]
