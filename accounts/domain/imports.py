"""Units and people from the tables that offices keep. Importing the same file twice changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.domain.abolition import abolish, restore
from accounts.domain.people import create_users, grant_membership
from accounts.domain.regions import find_or_create_region, find_region, require_region
from accounts.domain.units import UnitFinder, unit_key
from accounts.enums import DEPARTMENT_KIND_WORDS, AccountKind, DepartmentKind, Role
from accounts.models import Department, Membership, Region, User
from core import audit
from core.exceptions import Refused
from core.imports import ImportResult, run_import, update_changed_fields
from core.near_names import NEAREST, alike
from core.tabular import Row, Shape, SheetTable, split_names
from core.text import normalize_text

GONE = "是否撤销"
UNIT_COLUMNS = ("序号", "单位名称", "单位类型", "审批服务单位", "行政执法单位", "公共服务企业", GONE)
LISTS = {"is_approval": "审批服务单位", "is_enforcement": "行政执法单位", "is_utility": "公共服务企业"}
PEOPLE_COLUMNS = ("序号", "姓名", "用户名", "单位", "职务", "角色", "手机")
UNITS = Shape(UNIT_COLUMNS, required=("单位名称",))
PEOPLE = Shape(PEOPLE_COLUMNS, required=("姓名", "用户名", "单位", "角色"))
BUSINESS = {normalize_text(label): role for role, label in Role.choices}
ADMINISTRATORS = {normalize_text(kind.label): kind.value for kind in AccountKind if kind != AccountKind.STAFF}
KINDS = dict(DepartmentKind.choices)
ASK_ALIKE = "确是另一个单位的，请确认后再导入（页面上勾选“名称相近的确是新单位”，命令加 --new-units）"
PASSWORD_SIGNS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def import_units(
    *,
    path: Path | SheetTable,
    region_name: str,
    dry_run: bool = False,
    actor: User | None = None,
    needed_for: Callable[[Department], list[str]] = lambda unit: [],
    make_alike: bool = False,
) -> ImportResult:
    """Units of one region, matched by name; ``order`` is 序号, which every report keeps.

    是否撤销 says 是 or 否 of a unit that is known; an empty cell says nothing. A new name like that of a unit in use is
    an error until ``make_alike`` says that it is another unit. ``needed_for``: what keeps a unit from
    being abolished, in words. Side effects in order: the region when missing; units made or changed (none is ever
    removed); those abolished as of today, or restored; audit entries when anything changed. A unit not in the file
    stays as it is.
    """

    def stage(rows: list[Row]) -> list[UnitLine]:
        return stage_units(rows, units_of(find_region(region_name)), needed_for, make_alike=make_alike)

    def write(staged: list[UnitLine], result: ImportResult) -> None:
        write_units(staged, result, region_name=region_name, actor=actor)

    return run_import(path=path, shape=UNITS, stage=stage, write=write, dry_run=dry_run)


@dataclass
class UnitLine:
    """One row of the units' file. ``stands``: in use (True), abolished (False), not told (None)."""

    name: str
    values: dict
    stands: bool | None = None

    @property
    def key(self) -> str:
        return unit_key(self.name)


def units_of(region: Region | None) -> dict[str, Department]:
    """{unit_key: unit} of a region, those abolished among them; one query, none without a region."""
    units = Department.objects.filter(region=region).select_related("region") if region else ()
    return {unit_key(unit.name): unit for unit in units}


def stage_units(
    rows: list[Row],
    have: dict[str, Department],
    needed_for: Callable[[Department], list[str]],
    *,
    make_alike: bool = False,
) -> list[UnitLine]:
    """A line for each row; whatever is wrong with a cell is noted on its row. See ``import_units``."""
    staged: list[UnitLine] = []
    seen: dict[str, int] = {}
    for place, row in enumerate(rows, start=1):
        name = row.text("单位名称", required=True, limit=80)
        if unit_key(name) in seen:
            row.refuse("单位名称", f"与第 {seen[unit_key(name)]} 行重复")
        seen.setdefault(unit_key(name), row.number)
        order = row.whole("序号")
        values: dict = {"order": place if order is None else order}
        if kind := row.choice("单位类型", KINDS, DEPARTMENT_KIND_WORDS):
            values["kind"] = kind
        values |= {name: row.yes(column) for name, column in LISTS.items() if row.has(column)}
        line = UnitLine(name, values)
        if row.text(GONE):
            line.stands = not _is_gone(row, have.get(line.key), needed_for)
        staged.append(line)
    if not make_alike:
        _ask_about_alike(rows, staged, have)
    return staged


def _ask_about_alike(rows: list[Row], lines: list[UnitLine], have: dict[str, Department]) -> None:
    """A new name like that of a standing unit, which the file does not name itself, may be that unit renamed."""
    told = {line.key for line in lines}
    others = [unit.name for key, unit in have.items() if unit.is_active and key not in told]
    for row, line in zip(rows, lines, strict=True):
        near = [name for name in others if line.key and line.key not in have and alike(line.name, name)][:NEAREST]
        if near:
            row.refuse("单位名称", f"与现有的{'、'.join(near)}名称相近：是同一单位的，请改用现有名称；{ASK_ALIKE}")


def _is_gone(row: Row, unit: Department | None, needed_for: Callable[[Department], list[str]]) -> bool:
    if not row.yes(GONE):
        return False
    if unit is None:
        row.refuse(GONE, "还没有这个单位，不能撤销")
    elif unit.is_active and (needed := needed_for(unit)):
        row.refuse(GONE, "".join(needed))
    return True


def write_units(lines: list[UnitLine], result: ImportResult, *, region_name: str, actor: User | None) -> None:
    """Make and change the units of the region, count the lines; side effects as ``import_units`` says."""
    region = find_or_create_region(region_name)
    have = units_of(region)
    new, changed = [], []
    for line in lines:
        unit = have.get(line.key)
        if unit is None:
            new.append(Department(region=region, name=line.name, **line.values))
            result.count("created")
        else:
            if fields := update_changed_fields(unit, line.values):
                changed.append(unit)
            turned = line.stands is not None and line.stands != unit.is_active
            if turned:
                _turn(unit, bool(line.stands), f"导入{result.file}", actor)
            result.count("updated" if fields or turned else "unchanged")
    Department.objects.bulk_create(new, batch_size=500)
    Department.objects.bulk_update(changed, ["order", "kind", *LISTS], batch_size=200)
    _note(actor, "units.imported", region.name, result)


def _turn(unit: Department, stands: bool, why: str, actor: User | None) -> None:
    if stands:
        restore(unit=unit, reason=why, actor=actor)
    else:
        today = timezone.localdate()
        abolish(unit=unit, on=today, document=why, actor=actor, today=today)


@dataclass
class Person:
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
        self.issued[username] = "-".join(get_random_string(5, PASSWORD_SIGNS) for _ in range(3)) + "-Z9"
        return make_password(self.issued[username])


def import_people(
    *,
    path: Path | SheetTable,
    region_name: str = "",
    passwords: Passwords | None = None,
    create_missing: bool = False,
    dry_run: bool = False,
    actor: User | None = None,
) -> ImportResult:
    """People and their memberships, matched by user name; one person may have several lines.

    Side effects in order: with ``create_missing`` the units nobody knows; accounts made or changed; memberships given
    (none is ever taken); audit entries. A new account must change its password at the first sign-in and can sign in
    only when ``passwords`` are wanted.
    """
    issued = passwords or Passwords()

    def stage(rows: list[Row]) -> list[Person]:
        region = require_region(region_name) if region_name else None
        return stage_people(rows, UnitFinder(region, create_missing=create_missing))

    def write(people: list[Person], result: ImportResult) -> None:
        write_people(people, Accounts(people), result, passwords=issued, region_name=region_name, actor=actor)

    return run_import(path=path, shape=PEOPLE, stage=stage, write=write, dry_run=dry_run)


def stage_people(
    rows: list[Row], finder: UnitFinder, kinds: Mapping[str, list[str]] = MappingProxyType({})
) -> list[Person]:
    """A person for each row; whatever is wrong with a cell is noted on its row.

    ``kinds``: {user name: kinds the file may name} of accounts for which it is not simply the kind they have.
    """
    people: list[Person] = []
    rows_of: dict[tuple, Row] = {}
    usernames = [row.text("用户名") for row in rows]
    accounts = User.objects.filter(username__in=usernames).values_list("username", "name", "kind")
    taken = {username: (name, kinds.get(username, [kind])) for username, name, kind in accounts}
    phones: dict[str, str] = {}
    for row in rows:
        kind, roles = _parts(row)
        person = Person(
            username=row.text("用户名", required=True, limit=60),
            name=row.text("姓名", required=True, limit=60),
            kind=kind,
            phone=_phone(row),
            title=row.text("职务", limit=60),
            unit=_unit(row, kind, finder),
            roles=roles,
        )
        name, known_kinds = taken.setdefault(person.username, (person.name, [kind]))
        if name != person.name:
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
class Change:
    """What one line changes: a new account, another phone, roles to give, roles whose title differs."""

    is_new: bool
    phone: bool
    give: list[str]
    retitle: list[str]

    @property
    def outcome(self) -> str:
        if self.is_new:
            return "created"
        return "updated" if self.phone or self.give or self.retitle else "unchanged"


class Accounts:
    """The accounts and memberships an import meets, read in two queries. ``plan`` is asked line by line, in order."""

    def __init__(self, people: list[Person]):
        usernames = [person.username for person in people]
        self.users = {user.username: user for user in User.objects.filter(username__in=usernames)}
        self.phones = {username: user.phone for username, user in self.users.items()}
        held = Membership.objects.filter(user__username__in=usernames)
        self.titles: dict[tuple[str, int | None, str], str] = {
            (username, unit, role): title
            for username, unit, role, title in held.values_list("user__username", "department_id", "role", "title")
        }

    def plan(self, person: Person) -> Change:
        """What this line changes after those before it; nothing is written."""
        is_new, phone = person.username not in self.phones, self.phones.get(person.username, "")
        change = Change(is_new, not is_new and person.phone not in ("", phone), [], [])
        self.phones[person.username] = person.phone or phone
        for unit, role in self.wanted(person):
            title = self.titles.get((person.username, unit, role))
            if title is None:
                change.give.append(role)
            elif person.title not in ("", title):
                change.retitle.append(role)
            self.titles[person.username, unit, role] = person.title or title or ""
        return change

    def wanted(self, person: Person) -> list[tuple[int | None, str]]:
        """(unit, role) that the line speaks of."""
        return [(person.unit.pk if person.unit else None, role) for role in person.roles]

    def make(self, people: list[Person], passwords: Passwords, actor: User | None) -> None:
        """Make the accounts of these lines, each of somebody else."""
        made = [
            User(
                username=person.username,
                name=person.name,
                phone=person.phone,
                kind=self.kind_of(person),
                password=passwords.new(person.username),
            )
            for person in people
        ]
        create_users(users=made, actor=actor)
        self.users |= {user.username: user for user in made}

    def write(self, person: Person, change: Change, actor: User | None) -> None:
        """Carry out what ``plan`` said of the line; its account is there."""
        if change.phone:
            user = self.users[person.username]
            user.phone = person.phone
            user.save(update_fields=["phone"])
        for role in (*change.give, *change.retitle):
            self.give(person, role, actor)

    def kind_of(self, person: Person) -> str:
        """The kind of a new account."""
        return person.kind

    def give(self, person: Person, role: str, actor: User | None) -> None:
        """Give the person a role in the line's unit, or the role they have another title."""
        user = self.users[person.username]
        if person.unit is None:
            raise ValueError(f"{role} of {person.username} in no unit")
        grant_membership(user=user, department=person.unit, role=role, title=person.title, actor=actor)

    def finish(self, actor: User | None) -> None:
        """Called once after the last line."""


def write_people(
    people: list[Person],
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
    _note(actor, "people.imported", region_name, result)


def _note(actor: User | None, action: str, region_name: str, result: ImportResult) -> None:
    """One audit entry for a whole import; none when it changed nothing."""
    if result.created or result.updated:
        audit.record(
            actor=actor,
            action=action,
            object_type="region",
            object_key=region_name,
            detail={"file": result.file, **result.counts()},
        )
