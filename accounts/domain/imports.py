"""People from the tables that offices keep. Importing the same file twice changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from django.contrib.auth.hashers import make_password
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.domain import passwords as one_time_passwords
from accounts.domain.memberships import end_memberships, grant_membership
from accounts.domain.people import create_users
from accounts.domain.regions import require_region
from accounts.domain.unit_imports import note_import
from accounts.domain.units import UnitFinder
from accounts.enums import AccountKind, Role
from accounts.models import Department, Membership, User
from core.exceptions import Refused
from core.imports import ImportResult, run_import
from core.tabular import Row, Shape, SheetTable, split_names
from core.text import normalize_text

PEOPLE_COLUMNS = ("序号", "姓名", "用户名", "单位", "职务", "角色", "手机")
PEOPLE = Shape(PEOPLE_COLUMNS, required=("姓名", "用户名", "单位", "角色"), codes=("用户名", "手机"))
BUSINESS = {normalize_text(label): role for role, label in Role.choices}
ADMINISTRATORS = {normalize_text(kind.label): kind.value for kind in AccountKind if kind != AccountKind.STAFF}
ASK_OLD_ROLES = "已调离的，可在导入时一并结束（页面上勾选“结束表中人员在其他单位的角色”，命令加 --end-old-roles）"


@dataclass
class ImportedPerson:
    """One line of the people's file. ``roles`` are memberships in ``unit``; an administrator has none."""

    username: str
    name: str
    kind: str
    phone: str
    title: str
    unit: Department | None = None
    roles: tuple[str, ...] = ()


@dataclass
class Passwords:
    """Initial passwords of the accounts an import made: {username: password}, to be handed out once."""

    wanted: bool = False
    issued: dict[str, str] = field(default_factory=dict)

    def new(self, username: str) -> str:
        """The stored form of a random password; an unusable one when nobody asked for passwords."""
        if not self.wanted:
            return make_password(None)
        self.issued[username] = one_time_passwords.one_time()
        return make_password(self.issued[username])


def import_people(
    *,
    path: Path | SheetTable,
    region_name: str = "",
    passwords: Passwords | None = None,
    create_missing: bool = False,
    end_old: bool = False,
    dry_run: bool = False,
    actor: User | None = None,
) -> ImportResult:
    """People and their memberships, matched by user name; one person may have several lines.

    Side effects in order: with ``create_missing`` the units nobody knows; accounts made or changed; memberships given;
    with ``end_old`` the roles ended that they hold in units the file does not name for them; audit entries. A note
    names those roles. A new account must change its password at the first sign-in and can sign in
    only when ``passwords`` are wanted.
    """
    issued = passwords or Passwords()
    notes: list[str] = []

    def stage(rows: list[Row]) -> list[ImportedPerson]:
        region = require_region(region_name) if region_name else None
        finder = UnitFinder(region, create_missing=create_missing)
        people = stage_people(rows, finder)
        notes.extend(finder.notes)
        return people

    def write(people: list[ImportedPerson], result: ImportResult) -> None:
        accounts = Accounts(people, end_old=end_old)
        result.notes.extend(accounts.notes_of_old_roles())
        write_people(people, accounts, result, passwords=issued, region_name=region_name, actor=actor)

    return run_import(path=path, shape=PEOPLE, stage=stage, write=write, dry_run=dry_run, notes=notes)


def stage_people(
    rows: list[Row], finder: UnitFinder, kinds: Mapping[str, list[str]] = MappingProxyType({})
) -> list[ImportedPerson]:
    """A person for each row; whatever is wrong with a cell is noted on its row.

    ``kinds``: {user name: kinds the file may name} of accounts for which it is not simply the kind they have.
    """
    people: list[ImportedPerson] = []
    rows_of: dict[tuple, Row] = {}
    usernames = [row.text("用户名") for row in rows]
    spelled = UsernameSpelling(usernames)
    taken = {username: (name, kinds.get(username, [kind])) for username, name, kind in spelled.accounts}
    phones: dict[str, str] = {}
    for row in rows:
        kind, roles = _parts(row)
        person = ImportedPerson(
            username=row.text("用户名", required=True, limit=60),
            name=row.text("姓名", required=True, limit=60),
            kind=kind,
            phone=_phone(row),
            title=row.text("职务", limit=60),
            unit=_unit(row, kind, finder),
            roles=roles,
        )
        name, known_kinds = taken.setdefault(person.username, (person.name, [kind]))
        if other := spelled.other(person.username):
            row.refuse("用户名", f"与“{other}”只有大小写不同，请写成同一个用户名")
        elif name != person.name:
            row.refuse("用户名", f"已由“{name}”使用，请换一个用户名")
        elif kind not in known_kinds:
            row.refuse("角色", f"该账号是{AccountKind(known_kinds[0]).label}，三员与业务角色不得兼任")
        if phones.setdefault(person.username, person.phone) != person.phone:
            row.refuse("手机", "同一用户名在前面写的是另一个号码")
        first = rows_of.setdefault((person.username, person.unit), row)
        if first is not row:
            row.refuse("用户名", f"与第 {first.number} 行重复：同一人在同一单位的角色请写在一行，用“、”隔开")
        people.append(person)
    return people


class UsernameSpelling:
    """User names met so far, stored ones first, compared without case; one query.

    ``accounts``: (user name, name, kind) of those stored.
    """

    def __init__(self, usernames: list[str]):
        lowered = {username.lower() for username in usernames}
        rows = User.objects.annotate(lowered=Lower("username")).filter(lowered__in=lowered)
        self.accounts = list(rows.values_list("username", "name", "kind"))
        self.met: dict[str, set[str]] = {}
        for username, _, _ in self.accounts:
            self.met.setdefault(username.lower(), set()).add(username)

    def other(self, username: str) -> str:
        """A name that differs by case only, or nothing; the name itself is met from now on."""
        met = self.met.setdefault(username.lower(), set())
        found = "" if username in met else min(met, default="")
        if not found:
            met.add(username)
        return found


def _parts(row: Row) -> tuple[str, tuple[str, ...]]:
    """(kind of account, roles) from the labels in 角色."""
    labels = split_names(row.text("角色", required=True))
    kinds = [ADMINISTRATORS[normalize_text(label)] for label in labels if normalize_text(label) in ADMINISTRATORS]
    roles = tuple(BUSINESS[normalize_text(label)] for label in labels if normalize_text(label) in BUSINESS)
    unknown = [
        label
        for label in labels
        if normalize_text(label) not in BUSINESS and normalize_text(label) not in ADMINISTRATORS
    ]
    if unknown:
        known = [*Role.labels, *(AccountKind(kind).label for kind in ADMINISTRATORS.values())]
        row.refuse("角色", f"没有角色“{'、'.join(unknown)}”，可填：{'、'.join(known)}")
    elif len(kinds) + bool(roles) > 1:
        row.refuse("角色", "三员之间、三员与业务角色之间不得兼任")
    return (kinds[0], ()) if kinds else (AccountKind.STAFF.value, roles)


def _unit(row: Row, kind: str, finder: UnitFinder) -> Department | None:
    name = row.text("单位")
    if kind != AccountKind.STAFF:
        if name:
            row.refuse("单位", "三员不属于业务单位，此格应为空")
        return None
    if not name:
        row.refuse("单位", "不能为空")
        return None
    try:
        return finder.exactly(name)
    except Refused as error:
        row.refuse("单位", error.message)
        return None


def _phone(row: Row) -> str:
    phone = normalize_text(row.text("手机"))
    if phone and not (len(phone) <= 20 and all(char.isdigit() or char in "+- ()" for char in phone)):
        row.refuse("手机", "应为电话号码")
    return phone


@dataclass
class AccountChange:
    """What one line changes: a new account, another phone, roles to give, roles whose title differs, roles to end."""

    is_new: bool
    phone: bool
    give: list[str]
    retitle: list[str]
    end: list[Membership]

    @property
    def outcome(self) -> str:
        if self.is_new:
            return "created"
        return "updated" if self.phone or self.give or self.retitle or self.end else "unchanged"


def _old_roles(people: list[ImportedPerson], held: list[Membership]) -> dict[str, list[Membership]]:
    """{user name: roles held in units the lines do not name for that person}."""
    named: dict[str, set[int]] = {}
    for person in people:
        if person.unit:
            named.setdefault(person.username, set()).add(person.unit.pk)
    old: dict[str, list[Membership]] = {}
    for one in held:
        if one.department_id not in named.get(one.user.username, {one.department_id}):
            old.setdefault(one.user.username, []).append(one)
    return old


def role_in_words(one: Membership) -> str:
    """县民政局整改责任人."""
    return f"{one.department.name}{one.get_role_display()}"


class Accounts:
    """The accounts and memberships an import meets, read in two queries. ``plan`` is asked line by line, in order."""

    def __init__(self, people: list[ImportedPerson], *, end_old: bool = False):
        self.end_old = end_old
        usernames = [person.username for person in people]
        self.users = {user.username: user for user in User.objects.filter(username__in=usernames)}
        self.phones = {username: user.phone for username, user in self.users.items()}
        rows = Membership.objects.filter(user__username__in=usernames).select_related("user", "department")
        held = list(rows.order_by("user_id", "department__order", "department_id", "role"))
        self.titles: dict[tuple[str, int | None, str], str] = {
            (one.user.username, one.department_id, one.role): one.title for one in held
        }
        self.old = _old_roles(people, held)

    def plan(self, person: ImportedPerson) -> AccountChange:
        """What this line changes after those before it; nothing is written."""
        is_new, phone = person.username not in self.phones, self.phones.get(person.username, "")
        change = AccountChange(is_new, not is_new and person.phone not in ("", phone), [], [], [])
        self.phones[person.username] = person.phone or phone
        change.end = self.old.pop(person.username, []) if self.end_old else []
        for unit, role in self.wanted(person):
            title = self.titles.get((person.username, unit, role))
            if title is None:
                change.give.append(role)
            elif person.title not in ("", title):
                change.retitle.append(role)
            self.titles[person.username, unit, role] = person.title or title or ""
        return change

    def wanted(self, person: ImportedPerson) -> list[tuple[int | None, str]]:
        """(unit, role) that the line names."""
        return [(person.unit.pk if person.unit else None, role) for role in person.roles]

    def make(self, people: list[ImportedPerson], passwords: Passwords, actor: User | None) -> None:
        """Make the accounts of these lines, each of somebody else."""
        expires = timezone.now() + one_time_passwords.ONE_TIME_LASTS if passwords.wanted else None
        made = [
            User(
                username=person.username,
                name=person.name,
                phone=person.phone,
                kind=self.kind_of(person),
                password=passwords.new(person.username),
                password_expires_at=expires,
            )
            for person in people
        ]
        create_users(users=made, actor=actor)
        self.users |= {user.username: user for user in made}

    def write(self, person: ImportedPerson, change: AccountChange, actor: User | None) -> None:
        """Carry out what ``plan`` said of the line; its account is there."""
        if change.phone:
            user = self.users[person.username]
            user.phone = person.phone
            user.save(update_fields=["phone"])
        for role in (*change.give, *change.retitle):
            self.give(person, role, actor)
        if change.end:
            end_memberships(memberships=change.end, actor=actor, reason="导入人员表时结束")

    def notes_of_old_roles(self) -> list[str]:
        """One sentence for each person with roles in units the file does not name for them; before ``plan``."""
        what = "导入时一并结束" if self.end_old else f"仍然保留；{ASK_OLD_ROLES}"
        return [
            f"{roles[0].user.name}（{username}）还有{'、'.join(map(role_in_words, roles))}的角色，{what}。"
            for username, roles in self.old.items()
        ]

    def kind_of(self, person: ImportedPerson) -> str:
        """The kind of a new account."""
        return person.kind

    def give(self, person: ImportedPerson, role: str, actor: User | None) -> None:
        """Give the person a role in the line's unit, or the role they have another title."""
        user = self.users[person.username]
        if person.unit is None:
            raise ValueError(f"{role} of {person.username} in no unit")
        grant_membership(user=user, department=person.unit, role=role, title=person.title, actor=actor)

    def finish(self, actor: User | None) -> None:
        """Called once after the last line."""


def write_people(
    people: list[ImportedPerson],
    accounts: Accounts,
    result: ImportResult,
    *,
    passwords: Passwords,
    region_name: str,
    actor: User | None,
) -> None:
    """Write the lines in order and count them; side effects as ``import_people`` says."""
    changes = [(person, accounts.plan(person)) for person in people]
    accounts.make([person for person, change in changes if change.is_new], passwords, actor)
    for person, change in changes:
        accounts.write(person, change, actor)
        result.count(change.outcome)
    accounts.finish(actor)
    note_import(actor, "people.imported", region_name, result)
