"""A county with many issues, made fast: the states, dates and texts are spread as in a ledger of several years."""

from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice

from django.utils import timezone

from accounts.domain.memberships import grant_membership
from accounts.enums import DepartmentKind, RegionLevel, Role
from accounts.models import Department, Region, User
from campaigns.domain.lifecycle import create_campaign
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from core.text import search_text
from issues.enums import CLOSED_STATES, IssueSource, IssueState, ReductionKind, Track
from issues.models import Issue, Measure

CODE = "BENCH"
UNITS = 32
ITEMS = 40
DAYS = 2400  # a ledger of six and a half years that ends today
RECENT = 150
CATEGORIES = ("业务办理", "政务服务", "执法", "投诉处置")
TEXTS = (
    "窗口未一次性告知所需材料，群众往返两次",
    "网上申报系统提示“材料不全”但未说明缺哪一项",
    "叫号屏字体过小，老年人看不清，等候区无人引导",
    "办事指南与窗口要求不一致：指南写2份复印件，窗口要求3份",
    "审批结果短信未发送，群众不知何时可取",
    "同一份身份证明在三个环节重复提交",
    "业务系统与省平台未对接，需人工二次录入",
)
S = IssueState
# What is old is closed but for one in fifty; of what is recent two in five are.
OLD = (*([S.CLOSED] * 30), *([S.VERIFIED] * 19), S.RECTIFYING)
NEW = (*([S.CLOSED] * 8), *([S.RECTIFYING] * 7), S.CLOSING, S.CLOSING, S.PLANNING, S.ASSIGNED, S.REGISTERED)


def seed(rows: int) -> None:
    """Bring the ledger to ``rows`` issues with two measures each; what is there stays."""
    county = _county()
    have = Issue.objects.filter(campaign__code=CODE).count()
    numbers = iter(range(have, rows))
    while chunk := list(islice(numbers, 5000)):
        made = Issue.objects.bulk_create([_issue(number, county) for number in chunk])
        Measure.objects.bulk_create(measure for issue in made for measure in _measures(issue))


def _county() -> dict:
    campaign = Campaign.objects.filter(code=CODE).first()
    if campaign is None:
        campaign = _make_county()
    units = list(Department.objects.filter(region=campaign.region, kind=DepartmentKind.COUNTY).order_by("order"))
    return {
        "campaign": campaign,
        "units": units,
        "lead": next(unit for unit in units if "审批局" in unit.name),
        "items": list(ServiceItem.objects.filter(department__in=units).order_by("order")),
        "people": {user.username: user for user in User.objects.all()},
    }


def _make_county() -> Campaign:
    region = Region.objects.create(name="万卷县", level=RegionLevel.COUNTY)
    office = Department.objects.create(region=region, name="县营商办", kind=DepartmentKind.OFFICE)
    names = ["县行政审批局", "县司法局", *(f"县第{number}局" for number in range(3, UNITS + 1))]
    units = Department.objects.bulk_create(
        Department(region=region, name=name, order=order) for order, name in enumerate(names, start=1)
    )
    roles = (("office", office, Role.OFFICE), ("liaison", units[4], Role.LIAISON), ("head", units[5], Role.PRINCIPAL))
    for username, unit, role in roles:
        user = User.objects.create(username=username, name=username, phone="13800001111")
        grant_membership(user=user, department=unit, role=role)
    ServiceItem.objects.bulk_create(
        ServiceItem(department=units[number % UNITS], name=f"办理事项{number}", order=number) for number in range(ITEMS)
    )
    campaign, _ = create_campaign(
        template="lantian-2022",
        code=CODE,
        name="万卷县“一把手走流程”",
        region_name=region.name,
        start=timezone.localdate() - timedelta(days=DAYS),
        end=timezone.localdate() + timedelta(days=400),
        region=region,
    )
    return campaign


@cache
def _index(*parts: str) -> str:
    return search_text(*parts)


def _issue(number: int, county: dict) -> Issue:
    unit, owner = county["units"][number * 7 % UNITS], county["units"][number * 11 % UNITS]
    item, text, age = county["items"][number % ITEMS], TEXTS[number % len(TEXTS)], number * 37 % DAYS
    state = NEW[number % len(NEW)] if age < RECENT else OLD[number % len(OLD)]
    found = timezone.localdate() - timedelta(days=age)
    due = found + timedelta(days=10 + number % 40)
    closed = due - timedelta(days=number % 9) if state in CLOSED_STATES else None
    person, code = county["people"]["head"], f"{CODE}-{number + 1:07d}"
    return Issue(
        number=code,
        campaign=county["campaign"],
        region=county["campaign"].region,
        item=item,
        discovering_department=unit,
        proposed_department=owner,
        responsible_department=None if state == IssueState.REGISTERED else owner,
        lead_department=county["lead"],
        reported_by=person,
        state=state,
        description=f"{text}（第{number + 1}件）",
        stage="consult",
        category=CATEGORIES[number % len(CATEGORIES)],
        source=IssueSource.values[number % 4],
        track=Track.LIMITED,
        found_on=found,
        period=f"{found:%Y-%m}",
        due_on=due,
        first_due_on=due,
        responsible_name="马志强",
        contact_phone="13800001111",
        progress="告知单已修订，正在征求意见",
        closing_requested_on=closed,
        closed_by=county["people"]["office"] if closed else None,
        closed_on=closed,
        search_text=f"{code.lower()}\n{_index(text, item.name, unit.name, owner.name)}",
        created_at=_noon(found),
        updated_at=_noon(closed or found),
    )


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


def _measures(issue: Issue):
    yield Measure(issue=issue, order=1, text="修订一次性告知单并上墙公示")
    yield Measure(
        issue=issue, order=2, text="与省平台对接，取消二次录入", reduction=ReductionKind.DAYS, before=10, after=3
    )
