"""Finding who walked: among the people of the region who have an account; with ``create_missing`` an account is made
that nobody can sign in with, so that the walk has its walker."""

import re
import uuid
from collections import defaultdict

from django.contrib.auth.hashers import make_password

from accounts.domain.people import create_users
from accounts.models import Department, Membership, Region, User
from core.exceptions import Refused
from core.near_names import nearest
from core.text import normalize_text
from ledgers.domain.finders import name_key
from walks.enums import Capacity

_WITH_TITLE = re.compile(r"(?P<name>[^()]+)\((?P<title>[^()]*)\)")
_DEPUTY = re.compile("副|分管|党组成员|调研员|委员")
_HEAD = re.compile("局长|主任|书记|镇长|乡长|县长|区长|市长|院长|检察长|行长|经理|董事长|一把手|主要负责")


def read_person(text: str) -> tuple[str, str]:
    """(name, title) of 甲某（局长）; the title is "" where none stands beside the name."""
    match = _WITH_TITLE.fullmatch(normalize_text(text))
    return (match["name"].strip(), match["title"].strip()) if match else (text.strip(), "")


def capacity_of(title: str) -> str:
    """In which capacity somebody of that title leads a unit."""
    if _DEPUTY.search(title):
        return Capacity.DEPUTY
    return Capacity.PRINCIPAL if _HEAD.search(title) else Capacity.OTHER


class NamedWalkers:
    """People by unit and name; one query."""

    def __init__(self, region: Region, *, create_missing: bool = False):
        self.create_missing = create_missing
        self.known: dict[tuple[int, str], dict[int, User]] = defaultdict(dict)
        self.anywhere: dict[str, dict[int, User]] = defaultdict(dict)
        self.roles: dict[tuple[int, int], set[str]] = defaultdict(set)
        self.new: list[User] = []
        rows = Membership.objects.filter(department__region=region).select_related("user").order_by("id")
        for row in rows:
            key = name_key(row.user.name)
            self.known[row.department_id, key][row.user_id] = self.anywhere[key][row.user_id] = row.user
            self.roles[row.department_id, row.user_id].add(row.role)

    def find(self, name: str, title: str, unit: Department) -> tuple[User, str]:
        """(the person, the capacity): as the roles in the unit say, else as the title does. Raises Refused in words."""
        found = self.known.get((unit.pk, name_key(name))) or self.anywhere.get(name_key(name)) or {}
        if len(found) > 1:
            raise Refused(f"{unit.name}有多人叫“{name}”，请在姓名后注明并先在人员中区分", rule="walker.ambiguous")
        user = next(iter(found.values())) if found else self._make(name, unit)
        roles = self.roles.get((unit.pk, user.pk or 0), set())
        held = next((role for role in (Capacity.PRINCIPAL, Capacity.DEPUTY) if role in roles), None)
        return user, held or capacity_of(title)

    def save_new(self) -> None:
        """Make the accounts: disabled, without a password."""
        if self.new:
            create_users(users=self.new, actor=None)

    def _make(self, name: str, unit: Department) -> User:
        if not self.create_missing:
            names = [users[pk].name for (owner, _), users in self.known.items() if owner == unit.pk for pk in users]
            raise Refused(f"{unit.name}没有这个人{nearest(name, names)}；请先导入人员", rule="walker.unknown")
        user = User(
            username=f"import-{uuid.uuid4().hex[:12]}", name=name, password=make_password(None), is_active=False
        )  # fmt: skip
        self.known[unit.pk, name_key(name)][id(user)] = user
        self.new.append(user)
        return user
