"""地区汇总: a campaign's line is its own period, a region's is the sum of what is below it."""

import io
from datetime import date
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from campaigns.domain.lifecycle import create_campaign
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from core.models import AuditEntry
from reports.domain.compile import period_in
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.queries import SYSTEM
from reports.domain.regions import COUNTS, RATE_KEYS, RegionTree, region_report
from reports.domain.tally import table_of
from reports.tests.world import AS_OF, at, walk

pytestmark = [pytest.mark.both_databases, pytest.mark.clock(at(26), tick=False)]
URL = "/reports/regions/"
ASKED = {"period": "2022-06", "as_of": AS_OF.isoformat()}


def begin(cast, region, code: str, template: str = "lantian-2022", start=date(2022, 5, 25), end=date(2022, 12, 31)):
    name = f"{region.name}“一把手走流程”{code}"
    found, _ = create_campaign(
        template=template, code=code, name=name, region_name=region.name, start=start, end=end, region=region
    )
    return found


@pytest.fixture
def several(world):
    """Two campaigns of 白石县 and one of the city beside the county's own; one walk in 白石县."""
    cast = world.cast
    there = begin(cast, cast.other_county, "BS2022")
    begin(cast, cast.other_county, "BS-W", template="wushen-2023", start=date(2023, 3, 14), end=date(2023, 4, 15))
    begin(cast, cast.city, "YL2022", template="fushun-2016", start=date(2022, 4, 1), end=date(2022, 12, 31))
    unit = cast.namesake_unit
    item = ServiceItem.objects.create(department=unit, name="低保办理")
    grant_membership(user=cast.namesake, department=unit, role=Role.PRINCIPAL)
    walk(
        SimpleNamespace(campaign=there, unit=None),
        walker=cast.namesake,
        unit=unit,
        item=item,
        day=at(8),
        problems=[("无人引导", "政务服务")],
    )
    return cast


def line_named(found, name: str):
    return next(line for line in found.lines if line.name.startswith(name))


def test_a_region_is_the_sum_of_its_campaigns_each_counted_by_its_own_rules(several):
    tree = RegionTree(several.people["office_city"])
    found = region_report(tree, several.city, "2022-06", AS_OF)
    assert [line.name[:3] for line in found.lines] == ["云岭市", "青禾县", "白石县"]
    county = region_report(tree, several.county, "2022-06", AS_OF)
    own = ReportQuery(several.campaign, period_in(several.campaign, "2022-06"), AS_OF, SYSTEM)
    for key in COUNTS:
        assert county.total.values[key] == FIGURES[key].rows(own).count(), key
        assert found.total.values[key] == sum(line.values[key] for line in found.lines), key
    for key in RATE_KEYS:
        assert county.total.values[key] == table_of(own).total.values[key], key
    for line in found.lines[1:]:
        assert line.values == region_report(tree, line.region, "2022-06", AS_OF).total.values
    assert line_named(found, "白石县").values["issues_found"] == 1
    assert county.total.values["sessions"] == 3


def test_a_campaign_outside_the_period_is_named_and_left_out(several):
    tree = RegionTree(several.people["office_city"])
    found = region_report(tree, several.other_county, "2022-06", AS_OF)
    assert [(campaign.code, "不在活动时间" in words) for campaign, words in found.left_out] == [("BS-W", True)]
    assert [line.query.campaign.code for line in found.lines] == ["BS2022"]


def test_the_workbook_says_what_the_page_says(several, sign_in):
    reader = sign_in("office_city")
    page = reader.get(URL, ASKED)
    sheet = load_workbook(io.BytesIO(b"".join(reader.get(page.context["export_url"]).streaming_content))).active
    written = {str(row[1] or row[0]): list(row[2:]) for row in sheet.iter_rows(values_only=True)}
    assert AuditEntry.objects.get(action="regions.exported").detail["period"] == "2022-06"
    for line in page.context["lines"][:-1]:
        assert written[line["name"]] == ["—" if cell["value"] is None else cell["value"] for cell in line["cells"]]


def test_each_number_opens_the_rows_or_the_lines_it_adds(several, sign_in):
    reader = sign_in("office_city")
    *lines, _ = reader.get(URL, ASKED).context["lines"]
    assert len(lines) == 3
    for line in lines:
        opened = reader.get(line["cells"][0]["url"]).context
        shown = opened["page"].total if line["period"] else opened["found"].total.values["units_total"]
        assert shown == line["cells"][0]["value"]


def test_who_reads_no_region_from_above_has_no_such_page(several, sign_in):
    tree = RegionTree(several.people["office_city"])
    assert [region.name for region in tree.with_campaigns] == [
        "云岭市",
        "青禾县",
        "白石县",
    ]
    Campaign.objects.filter(code="BS2022").update(issued_at=None)
    assert {one.code for one in RegionTree(several.people["office_city"]).campaigns} == {"QH2022", "BS-W", "YL2022"}
    assert sign_in("lead").get(URL).status_code == 404
    for region in (several.other_county, several.city):
        assert sign_in("office").get(URL, {"region": region.pk}).status_code == 404
    assert sign_in("office").get(URL).context["above"] == []


def test_a_period_that_is_none_gives_the_present_month_and_says_so(several, sign_in):
    assert sign_in("office").get(URL, {"period": "全程"}).context["asked"].code == "all"
    page = sign_in("office").get(URL, {"period": "六月"})
    assert page.context["asked"].notes == [
        "周期“六月”无法识别：月应写作 2022-06，季度应写作 2016Q4，周应写作 2022-W23。已显示2022年6月。"
    ]


@pytest.mark.parametrize("campaigns", [1, 3])
def test_the_page_costs_a_fixed_number_of_queries(world, sign_in, campaigns, django_assert_num_queries):
    for number in range(campaigns - 1):
        begin(world.cast, world.cast.other_county, f"BS{number}")
    reader = sign_in("office_city")
    reader.get(URL, ASKED)
    with django_assert_num_queries(15):
        reader.get(URL, ASKED)
