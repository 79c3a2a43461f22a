"""The fixed cast: one county with a campaign, a second county beside it, the city above both.

Every access test speaks of these people. Nothing here is a real person or unit.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from accounts.domain.memberships import grant_membership
from accounts.enums import AccountKind, DepartmentKind, RegionLevel, Role
from accounts.models import Department, Region, User
from campaigns.domain.lifecycle import create_campaign
from campaigns.enums import WalkMode
from catalogue.models import ServiceItem
from core.text import search_text
from evidence.models import StoredFile
from issues.domain import intake, lifecycle
from tests.replay import from_known_rows, replayed
from walks.domain import components, opening
from walks.domain import lifecycle as walk_lifecycle
from walks.models import Walk

TZ = ZoneInfo("Asia/Shanghai")
NOON = datetime(2022, 6, 8, 12, 0, tzinfo=TZ)
# Whatever June left open is overdue, and every day of it lies in the past.
AUTUMN = datetime(2022, 9, 1, 12, 0, tzinfo=TZ)
PASSWORD = "Liucheng-2022!"

PERSONAS = (
    "principal",
    "deputy",
    "liaison",
    "responsible",
    "namesake",
    "lead",
    "office",
    "office_second",
    "office_other_county",
    "office_city",
    "supervisor",
    "sysadmin",
    "secadmin",
    "auditor",
    "disabled",
)


@dataclass
class Cast:
    """``people[persona]`` → User; the places by plain name."""

    people: dict = field(default_factory=dict)
    city: Region = None
    county: Region = None
    other_county: Region = None
    unit: Department = None
    second_unit: Department = None
    lead_unit: Department = None
    office_unit: Department = None
    namesake_unit: Department = None
    item: ServiceItem = None
    campaign: object = None

    def __getattr__(self, name):
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


def _person(cast: Cast, persona: str, department=None, role: str = "", kind: str = AccountKind.STAFF) -> User:
    user = User.objects.create(username=persona, name=f"测试{persona}", kind=kind, phone="13800001111")
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    if department is not None:
        grant_membership(user=user, department=department, role=role, title="局长" if role == Role.PRINCIPAL else "")
    cast.people[persona] = user
    return user


def build_cast() -> Cast:
    """Places, people, one item and the Lantian-shaped campaign of June 2022; see ``replayed``."""
    return replayed("cast", _build)


def county_with(states: tuple[str, ...]) -> tuple[Cast, dict]:
    """The cast and {state: issue}, one issue in each of the states; see ``replayed``."""

    def build():
        cast = _build()
        return cast, {state: issue_in(cast, state) for state in states}

    return replayed(" ".join(states), build)


def cast_after(name: str, act: Callable[[Cast], object]) -> Cast:
    """The cast after ``act(cast)``, which is done once and then replayed under ``name``; see ``replayed``."""

    def build():
        cast = _build()
        act(cast)
        return cast

    return replayed(name, build)


def _build() -> Cast:
    cast = Cast()
    cast.city = Region.objects.create(name="云岭市", level=RegionLevel.CITY)
    cast.county = Region.objects.create(name="青禾县", level=RegionLevel.COUNTY, parent=cast.city)
    cast.other_county = Region.objects.create(name="白石县", level=RegionLevel.COUNTY, parent=cast.city)
    make = Department.objects.create
    cast.office_unit = make(region=cast.county, name="县营商办", kind=DepartmentKind.OFFICE, order=0)
    cast.unit = make(region=cast.county, name="县民政局", order=5, is_approval=True)
    cast.second_unit = make(region=cast.county, name="县公安局", order=4, is_approval=True)
    make(region=cast.county, name="县司法局", order=6, is_approval=True)
    cast.lead_unit = make(region=cast.county, name="县行政审批局", order=20, is_approval=True)
    cast.namesake_unit = make(region=cast.other_county, name="县民政局", order=5, is_approval=True)
    other_office = make(region=cast.other_county, name="县营商办", kind=DepartmentKind.OFFICE, order=0)
    city_office = make(region=cast.city, name="市营商办", kind=DepartmentKind.OFFICE, order=0)
    _person(cast, "principal", cast.unit, Role.PRINCIPAL)
    _person(cast, "deputy", cast.unit, Role.DEPUTY)
    _person(cast, "liaison", cast.unit, Role.LIAISON)
    _person(cast, "responsible", cast.unit, Role.RESPONSIBLE)
    _person(cast, "second_liaison", cast.second_unit, Role.LIAISON)
    _person(cast, "namesake", cast.namesake_unit, Role.LIAISON)
    _person(cast, "lead", cast.lead_unit, Role.LEAD)
    _person(cast, "office", cast.office_unit, Role.OFFICE)
    _person(cast, "office_second", cast.office_unit, Role.OFFICE)
    _person(cast, "office_other_county", other_office, Role.OFFICE)
    _person(cast, "office_city", city_office, Role.OFFICE)
    _person(cast, "supervisor", cast.office_unit, Role.SUPERVISOR)
    for kind in (AccountKind.SYSADMIN, AccountKind.SECADMIN, AccountKind.AUDITOR):
        _person(cast, kind.value, kind=kind)
    disabled = _person(cast, "disabled", cast.unit, Role.LIAISON)
    User.objects.filter(pk=disabled.pk).update(is_active=False)
    disabled.refresh_from_db()
    cast.item = ServiceItem.objects.create(
        department=cast.unit, name="结婚登记", committed_days=1, documents=3, search_text=search_text("结婚登记")
    )
    cast.campaign, _ = create_campaign(
        template="lantian-2022",
        code="QH2022",
        name="青禾县“一把手走流程”",
        region_name="青禾县",
        start=date(2022, 5, 25),
        end=date(2032, 12, 31),
        region=cast.county,
    )
    return cast


@from_known_rows
def open_walk(cast: Cast, *, now: datetime = NOON, mode: str = WalkMode.IN_PERSON, problems: int = 0):
    """A walk of the principal with one step and ``problems`` drafts, still open."""
    walk = opening.start(
        opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=cast.item, mode=mode),
        actor=cast.principal,
        now=now,
    )
    stage = "consult" if mode != WalkMode.ONLINE else "guide"
    step = walk_lifecycle.add_step(
        walk=walk, actor=cast.principal, stage=stage, note="电话咨询一次说清", happened_at=now
    )
    for index in range(problems):
        intake.capture(
            walk=walk,
            actor=cast.principal,
            description=f"窗口未一次性告知{index + 1}",
            stage=stage,
            step=step,
            now=now,
        )
    walk.refresh_from_db()
    return walk


def covert_walk(cast: Cast, *, day: int = 15):
    """A covert walk of the principal, planned for that day of June and known to nobody else."""
    return opening.plan_covert(
        opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=cast.item, mode=WalkMode.IN_PERSON),
        actor=cast.principal,
        planned_on=NOON.date().replace(day=day),
        now=NOON,
    )


def do_components(cast: Cast, walk, *, at: datetime = NOON, callbacks: int = 3) -> None:
    """Every 环节 L22 asks of 走流程、坐窗口, with so many valid callbacks (个)."""
    add = partial(components.add, walk=walk, actor=cast.principal, happened_at=at)
    other, _ = ServiceItem.objects.get_or_create(
        department=cast.unit, name="离婚登记", defaults={"search_text": search_text("离婚登记")}
    )
    add(code="approval_desk", note="坐窗口受理两件", ratings={"受理条件": "good", "跑动次数": "poor"})
    for item in (cast.item, other):
        add(code="business_check", item_id=item.pk, ratings={"办事指南是否完善": "good"})
    last_month = at.date().replace(day=1) - timedelta(days=3)
    for number in range(callbacks):
        add(code="service_callback", person=f"群众{number}", phone="13800001111", served_on=last_month, is_valid=True)
    add(code="discussion_meeting", person="窗口人员3人、群众代表2人", note="希望增设自助机")


@from_known_rows
def reported_walk(
    cast: Cast,
    *,
    problems: int = 1,
    now: datetime = NOON,
    proposed=None,
    with_components: bool = False,
    as_conforming: bool = False,
):
    """A walk that went all the way; returns (walk, [registered issues]).

    Without its components it is 未达标, unless it is called conforming, which costs less than noting them."""
    walk = open_walk(cast, now=now, problems=problems)
    if with_components:
        do_components(cast, walk, at=now)
    for draft in walk.issues.all():
        intake.classify(
            issue=draft,
            actor=cast.liaison,
            description=draft.description,
            stage=draft.stage,
            category="业务办理",
            department=proposed or cast.unit,
        )
    walk.refresh_from_db()
    if not problems:
        walk_lifecycle.write_facts(walk=walk, actor=walk.walker, facts={"zero_explained": "全程顺畅，未发现问题"})
        walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=now)
    if as_conforming:
        conform(walk)
    intake.sign_walk(walk=walk, actor=cast.principal, now=now)
    return walk, intake.report_walk(walk=walk, actor=cast.liaison, now=now)


def conform(walk) -> None:
    """A recorded walk as if it had every 环节 the notice asks for."""
    Walk.objects.filter(pk=walk.pk).update(conforms=True, shortfall="")
    walk.refresh_from_db()


def stored_file(user: User, sha256: str = "0" * 64) -> StoredFile:
    """A stored file's row without its bytes."""
    name = uuid.uuid4().hex
    return StoredFile.objects.create(
        original_name="整改后.jpg", content_type="image/jpeg", size=1, sha256=sha256, width=1, height=1,
        uploaded_by=user, served_name=f"a{name}", thumb_name=f"b{name}", source_name=f"c{name}",
    )  # fmt: skip


@from_known_rows
def issue_in(cast: Cast, state: str, *, now: datetime = NOON):
    """One issue driven to ``state`` by the real functions, by the people the table names."""
    _, [issue] = reported_walk(cast, now=now, proposed=cast.second_unit if state in ("assigned", "disputed") else None)
    due = date(now.year, now.month, 28)
    path = {
        "registered": (),
        "assigned": (("assign", "lead", {"department": cast.second_unit, "due_on": due}),),
        "planning": (("take", "liaison", {}),),
    }
    path["disputed"] = (*path["assigned"], ("dispute", "second_liaison", {"note": "不属本单位职责"}))
    path["rectifying"] = (
        *path["planning"],
        ("plan", "liaison", {"responsible_person": cast.responsible, "measures": "1.修订一次性告知单", "due_on": due}),
    )
    path["deferred"] = (
        *path["rectifying"],
        ("defer", "office", {"note": "需省级系统改造", "review_on": date(now.year, now.month + 1, 20)}),
    )
    path["referred"] = (*path["rectifying"], ("refer", "office", {"referred_to": "市民政局"}))
    path["closing"] = (*path["rectifying"], ("request_closing", "responsible", {"result": "告知单已更新上墙"}))
    path["closed"] = (*path["closing"], ("approve_closing", "lead", {}))
    path["verified"] = (*path["closed"], ("look_back_pass", "office", {"note": "抽查3件均已一次告知"}))
    for action, persona, data in path[state]:
        lifecycle.perform(issue=issue, action=action, actor=cast.people[persona], data=data, now=now)
    return issue
