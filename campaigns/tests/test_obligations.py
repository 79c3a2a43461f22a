"""What is owed without a date: told on the page of due dates, which the units read too."""

from datetime import date

import pytest
import time_machine

from campaigns.domain.lifecycle import amend, create_campaign, edit_rules, token_of
from campaigns.domain.rulebook.rulebook import load_template
from campaigns.domain.rulebook.wording import obligations
from campaigns.domain.setup import working_version
from campaigns.models import Campaign
from campaigns.tests.setup_page import TODAY

pytestmark = pytest.mark.clock(TODAY)

URL = "/campaigns/QH2022/preview/"


def told(template: str) -> list[tuple[str, str]]:
    return [(one.who, one.what) for one in obligations(load_template(template))]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (
            "mudanjiang-2018",
            [
                ("各单位", "制定体验计划，通知未定期限"),
                ("牵头单位", "情况汇总，通知未定期限"),
                ("作风评议组和综合协调组", "对“走流程”情况督办"),
            ],
        ),
        (
            "fushun-2016",
            [
                ("各单位", "制定规章制度和工作方案，通知未定期限"),
                ("公共行政服务中心、政府督查办", "对各单位工作开展情况督查，每季度至少 1 次"),
                ("公共行政服务中心、政府督查办", "“晒”公共服务事项清单和工作成果，每季度至少 1 次"),
                ("公共行政服务中心、政府督查办", "对工作进展缓慢、群众不满意的单位，提请人民政府给予通报批评"),
            ],
        ),
        (
            "wushen-2023",
            [
                ("各单位", "每次体验前向统筹办报备时间安排"),
                ("统筹办", "对照问题整改清单持续开展调度和推进"),
            ],
        ),
        (
            "lantian-2022",
            [
                ("各单位", "即时体验、跟踪体验（只作提示，不计逾期）"),
                ("统筹办", "对活动开展情况督导检查"),
                ("统筹办", "定期通报工作开展情况"),
                ("统筹办", "对制度落实不到位、问题整改不彻底、敷衍塞责和无故不执行的进行通报"),
            ],
        ),
        (
            "hunan-2022",
            [
                ("各单位", "制定专项行动计划表，通知未定期限"),
                ("各单位", "即时体验、跟踪体验（只作提示，不计逾期）"),
                ("统筹办", "整改台账调度，每月至少 1 次"),
                ("统筹办", "情况通报，每月至少 1 次"),
            ],
        ),
    ],
)
def test_each_notice_asks_for_this_beside_its_dates(template, expected):
    assert told(template) == expected
    assert all(one.is_cited for one in obligations(load_template(template)))


@pytest.mark.parametrize("persona", ["liaison", "principal", "lead", "supervisor", "office"])
def test_whoever_sees_the_campaign_reads_its_due_dates_and_what_has_none(client, cast, persona):
    client.force_login(cast.people[persona])
    assert f'href="{URL}"' in client.get("/campaigns/QH2022/").text
    page = client.get(URL)
    assert page.status_code == 200
    assert "2022-06-20" in page.text
    assert "定期通报工作开展情况" in page.text
    back = "/campaigns/QH2022/setup/" if persona == "office" else "/campaigns/QH2022/"
    assert f'href="{back}"' in page.text


def test_a_unit_reads_what_holds_while_the_office_drafts_other_rules(client, cast):
    campaign = Campaign.objects.get(code="QH2022")
    amend(campaign=campaign, effective_on=date(2022, 7, 1), reason="调整", actor=cast.office, today=date(2022, 6, 8))
    seen = token_of(working_version(campaign)[1], "oversight")
    edit_rules(campaign=campaign, group="oversight", values={"publication": "另行通报"}, actor=cast.office, seen=seen)
    client.force_login(cast.liaison)
    page = client.get(URL).text
    assert ("定期通报工作开展情况" in page, "另行通报" in page, "预览期限" in page) == (True, False, False)
    client.force_login(cast.office)
    assert "另行通报" in client.get(URL).text


def test_an_earlier_date_is_approved_by_the_office_alone(client, cast):
    cast.campaign.deadlines.filter(kind="report", period="2022-07").update(proposed_on=date(2022, 7, 18))
    client.force_login(cast.liaison)
    assert "批准提前" not in client.get(URL).text
    client.force_login(cast.office)
    assert "批准提前" in client.get(URL).text


def test_w23_shows_that_units_without_a_bundle_owe_nothing(client, cast):
    create_campaign(
        template="wushen-2023", code="W23", name="一件事", region_name="青禾县", region=cast.county,
        start=date(2022, 6, 1), end=date(2022, 7, 10),
    )  # fmt: skip
    client.force_login(cast.office)
    assert "名单上没有这类单位" in client.get("/campaigns/W23/preview/").text
    cast.unit.items.create(name="新生儿出生一件事", kind="bundle")
    found = client.get("/campaigns/W23/preview/").context["shares"]
    assert [share.units for share in found] == [(cast.unit.name,)]
    [unit] = [row for row in client.get("/campaigns/W23/roster/").context["units"] if "一件事牵头" in row["lists"]]
    assert unit["name"] == cast.unit.name


def test_on_the_board_of_w23_whoever_leads_no_bundle_stands_without_a_duty(client, cast):
    with time_machine.travel(TODAY, tick=False):
        create_campaign(
            template="wushen-2023", code="W23", name="一件事", region_name="青禾县", region=cast.county,
            start=date(2022, 6, 1), end=date(2022, 7, 10),
        )  # fmt: skip
        cast.unit.items.create(name="新生儿出生一件事", kind="bundle")
        client.force_login(cast.office)
        lines = client.get("/campaigns/W23/board/").context["board"].lines
    assert {line.unit.name for line in lines if line.owes} == {cast.unit.name}
    assert len(lines) == 4
    assert {line.status for line in lines if not line.owes} == {"free"}
