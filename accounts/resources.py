"""Units and people as django-import-export sees them: the preview of differences and the columns of the downloads."""

from collections.abc import Callable
from dataclasses import dataclass

from import_export.fields import Field

from accounts.domain.imports import ImportedPerson, Passwords, role_in_words, stage_people, write_people
from accounts.domain.people_requests import RequestedAccounts, kinds_named
from accounts.domain.regions import find_region, require_region
from accounts.domain.unit_imports import KINDS, LISTS, UnitLine, stage_units, units_of, write_units
from accounts.domain.units import UnitFinder
from accounts.enums import Decision
from accounts.models import Department, RoleRequest
from core.imports import ImportResult, update_changed_fields
from core.resources import LabelWidget, TableResource, TextWidget, YesWidget
from core.tabular import Row
from core.text import mask_phone

LABELS = dict(RoleRequest.ROLES)


class GoneWidget(YesWidget):
    """在用 as 是否撤销."""

    def render(self, value, obj=None, **kwargs):
        return super().render(not value, obj, **kwargs)


class UnitResource(TableResource):
    """Rows of the units' table of one region. ``needed_for``: what keeps a unit from being abolished, in words."""

    order = Field("order", "序号", widget=TextWidget())
    name = Field("name", "单位名称", widget=TextWidget())
    kind = Field("kind", "单位类型", widget=LabelWidget(KINDS))
    is_approval = Field("is_approval", LISTS["is_approval"], widget=YesWidget())
    is_enforcement = Field("is_enforcement", LISTS["is_enforcement"], widget=YesWidget())
    is_utility = Field("is_utility", LISTS["is_utility"], widget=YesWidget())
    gone = Field("is_active", "是否撤销", widget=GoneWidget())

    def __init__(
        self,
        rows: list[Row],
        file: str,
        *,
        region_name: str,
        needed_for: Callable[[Department], list[str]],
        make_alike: bool = False,
        actor=None,
    ):
        super().__init__(rows, file)
        self.region_name, self.needed_for, self.actor = region_name, needed_for, actor
        self.make_alike = make_alike
        self.have: dict[str, Department] = {}

    def plan(self, rows: list[Row]) -> list[UnitLine]:
        region = find_region(self.region_name)
        if region is None:
            self.notes.append(f"“{self.region_name}”是新的区域，随本次导入建立。请核对名称。")
        self.have = units_of(region)
        return stage_units(rows, self.have, self.needed_for, make_alike=self.make_alike)

    def name_of(self, staged: UnitLine) -> str:
        return staged.name

    def locate(self, staged: UnitLine) -> Department | None:
        return self.have.get(staged.key)

    def begin(self, staged: UnitLine) -> Department:
        return Department(name=staged.name)

    def apply(self, instance: Department, staged: UnitLine) -> bool:
        stands = {} if staged.stands is None else {"is_active": staged.stands}
        return bool(update_changed_fields(instance, staged.values | stands))

    def write(self, staged: list[UnitLine], result: ImportResult) -> None:
        write_units(staged, result, region_name=self.region_name, actor=self.actor)


@dataclass
class StoredPerson:
    """What one line of the people's table is compared with: an account and its roles in one unit.

    ``asked``: roles that wait for 安全管理员; ``elsewhere``: those in units the file does not name for the person.
    """

    username: str
    name: str
    unit: str
    title: str = ""
    roles: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    phone: str = ""
    has_new_phone: bool = False
    elsewhere: tuple[str, ...] = ()


class PersonResource(TableResource):
    """Rows of the people's table. Roles are asked for, not granted: those that wait stand in a column of their own."""

    name = Field("name", "姓名", widget=TextWidget())
    username = Field("username", "用户名", widget=TextWidget())
    unit = Field("unit", "单位", widget=TextWidget())
    title = Field("title", "职务", widget=TextWidget())
    roles = Field(column_name="角色")
    asked = Field(column_name="待授角色")
    phone = Field(column_name="手机")
    elsewhere = Field(column_name="其他单位角色")

    def __init__(self, rows: list[Row], file: str, *, region_name: str, end_old: bool = False, actor=None):
        super().__init__(rows, file)
        self.region_name, self.end_old, self.actor = region_name, end_old, actor
        self.accounts: RequestedAccounts | None = None

    def dehydrate_roles(self, stored: StoredPerson) -> str:
        return "、".join(LABELS[role] for role in stored.roles)

    def dehydrate_asked(self, stored: StoredPerson) -> str:
        return "、".join(LABELS[role] for role in stored.asked)

    def dehydrate_elsewhere(self, stored: StoredPerson) -> str:
        return "、".join(stored.elsewhere)

    def dehydrate_phone(self, stored: StoredPerson) -> str:
        """Masked as on every page; another number can look the same then, so it is told."""
        return mask_phone(stored.phone) + ("（新号码）" if stored.has_new_phone else "")

    def plan(self, rows: list[Row]) -> list[ImportedPerson]:
        finder = UnitFinder(require_region(self.region_name))
        people = stage_people(rows, finder, kinds_named([row.text("用户名") for row in rows]))
        self.accounts = RequestedAccounts(people, end_old=self.end_old)
        self.notes.extend([*finder.notes, *self.accounts.notes_of_old_roles()])
        return people

    def name_of(self, staged: ImportedPerson) -> str:
        unit = f" {staged.unit.name}" if staged.unit else ""
        return f"{staged.name}（{staged.username}）{unit}"

    def token_of(self, instance: StoredPerson) -> str:
        return instance.phone

    def locate(self, staged: ImportedPerson) -> StoredPerson | None:
        if staged.username not in self.accounts.phones:
            return None
        found, unit = self.begin(staged), staged.unit and staged.unit.pk
        found.roles = tuple(self.accounts.held_in(staged))
        found.asked = tuple(one.role for one in self.accounts.open_in(staged, Decision.WAITING))
        titles = (self.accounts.titles[staged.username, unit, role] for role in (*found.roles, *found.asked))
        found.title = next(filter(None, titles), "")
        found.phone = self.accounts.phones[staged.username]
        found.elsewhere = tuple(map(role_in_words, self.accounts.old.get(staged.username, ())))
        return found

    def begin(self, staged: ImportedPerson) -> StoredPerson:
        return StoredPerson(staged.username, staged.name, staged.unit.name if staged.unit else "")

    def apply(self, instance: StoredPerson, staged: ImportedPerson) -> bool:
        self._note_refused(staged)
        change = self.accounts.plan(staged)
        instance.asked += tuple(change.give)
        instance.elsewhere = () if change.end else instance.elsewhere
        if staged.title and (change.give or change.retitle):
            instance.title = staged.title
        if change.phone or change.is_new:
            instance.phone, instance.has_new_phone = staged.phone, change.phone
        return change.outcome != "unchanged"

    def write(self, staged: list[ImportedPerson], result: ImportResult) -> None:
        write_people(
            staged, RequestedAccounts(staged, end_old=self.end_old), result,
            passwords=Passwords(), region_name=self.region_name, actor=self.actor,
        )  # fmt: skip

    def _note_refused(self, person: ImportedPerson) -> None:
        refused = {one.role for one in self.accounts.open_in(person, Decision.REFUSED)}
        for role in [role for _, role in self.accounts.wanted(person) if role in refused]:
            self.notes.append(
                f"{self.name_of(person)}的角色“{LABELS[role]}”安全管理员此前未授予，不再重复申请；"
                "需要时由安全管理员在“角色授予”页改为授予。"
            )
