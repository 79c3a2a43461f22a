"""A day of an office with a full ledger, in a real browser: every press is counted, job by job."""

import re
from collections import Counter
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import Department
from campaigns.domain import roster
from campaigns.domain.versions import rules_of
from evidence.domain.store import accept_photo
from evidence.tests.samples import busy, encoded, upload
from issues.domain import intake, lifecycle
from issues.models import Chase, Enquiry, Issue, LookBackDraw
from tests.cast import NOON, PASSWORD, TZ, open_walk

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

THE_DAY = datetime(2022, 7, 12, 9, 0, tzinfo=TZ)
JUNE, AUGUST = date(2022, 6, 28), date(2022, 8, 20)
MANUAL = Path(settings.BASE_DIR) / "docs/manual/office.md"
PLACES = ("综合窗口", "自助终端", "咨询台", "取号机", "网上申报页", "等候区", "档案室", "收件台", "缴费处", "发证台")
FAULTS = ("未公示材料清单", "叫号停了半天", "说法前后不一", "要求再交复印件", "没有人值守", "系统两次退出", "排队过长")
TEXTS = [f"{place}{fault}" for fault in FAULTS for place in PLACES]


class Desk:
    """A page and what a hand does on it: ``presses`` of the mouse, of F5 as well; what is typed is ``typed``."""

    def __init__(self, page):
        self.page, self.presses, self.typed = page, 0, 0
        # Sixty issues are assigned in one request.
        page.set_default_timeout(40_000)

    def press(self, role: str, name: str | re.Pattern) -> None:
        self.presses += 1
        self.page.get_by_role(role, name=name, exact=isinstance(name, str)).first.click()

    def look_at(self, link) -> None:
        """A link that opens beside the page."""
        self.presses += 1
        with self.page.context.expect_page() as opened:
            link.click()
        opened.value.wait_for_load_state()
        opened.value.close()

    def type(self, label: str, text: str) -> None:
        self.typed += 1
        self.page.get_by_label(label).first.fill(text)

    def reload(self) -> None:
        self.presses += 1
        self.page.reload()

    def open_ledger(self, view: str = "") -> None:
        self.press("link", "问题台账")
        if view:
            self.press("link", re.compile(f"^{view}"))


@pytest.fixture
def full_ledger(cast, clock):
    """What stands on the ledger on the morning of 12 July; 32 units can be asked."""
    for number in range(1, 30):
        Department.objects.create(region=cast.county, name=f"县第{number}局", order=30 + number, is_approval=True)
    assert roster.extend(campaign=cast.campaign, rules=rules_of(cast.campaign.pk)[1]) == 29
    report(cast, TEXTS[:60], cast.second_unit)
    own = report(cast, [f"{text}（六月）" for text in TEXTS[:50]], cast.unit)
    for issue in own:
        perform(issue, "take", cast.liaison)
    closed, late, closing, waiting, alike = own[:5], own[5:25], own[25:45], own[45:48], own[48:]
    for issue in own:
        rectify(cast, issue, JUNE if issue in late else AUGUST)
    for issue in [*closed, *closing]:
        # What is sent back at the end of the day came without a photo.
        files = [photo_of(issue, cast.responsible)] if issue in closing[:15] else []
        data = {"result": f"{issue.description}，已于当日改正", "files": files, "evidence_kind": "after"}
        perform(issue, "request_closing", cast.responsible, data)
    for issue in closed:
        perform(issue, "approve_closing", cast.lead, {"note": "属实"})
    for issue in waiting:
        perform(issue, "ask_extension", cast.responsible, {"extension_to": date(2022, 8, 31), "note": "等系统升级"})
    doubles = report(cast, [f"{issue.description}，又来一次" for issue in alike], cast.unit)
    clock.move_to(THE_DAY)
    return {"late": late, "closing": closing, "waiting": waiting, "alike": alike, "doubles": doubles}


def report(cast, texts: list[str], unit: Department) -> list[Issue]:
    """A walk of June that found these problems, reported."""
    walk = open_walk(cast)
    for text in texts:
        draft = intake.capture(walk=walk, actor=cast.principal, description=text, stage="consult", now=NOON)
        facts = {"description": text, "stage": "consult", "category": "业务办理", "department": unit}
        intake.classify(issue=draft, actor=cast.liaison, **facts)
        walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    intake.sign_walk(walk=walk, actor=cast.principal, now=NOON)
    return list(intake.report_walk(walk=walk, actor=cast.liaison, now=NOON))


def perform(issue: Issue, action: str, actor, data=None) -> None:
    lifecycle.perform(issue=issue, action=action, actor=actor, data=data or {}, now=NOON)


def photo_of(issue: Issue, actor):
    """Each of its own, or it would be told that it stands at another issue too."""
    return accept_photo(upload=upload(encoded(busy(issue.pk), "JPEG"), "改后.jpg"), actor=actor)


def rectify(cast, issue: Issue, due: date) -> None:
    data = {"responsible_person": cast.responsible, "measures": f"就“{issue.description}”逐项改正", "due_on": due}
    perform(issue, "plan", cast.liaison, data)


def test_an_office_day_takes_the_presses_the_manual_says(sign_in, cast, full_ledger):
    counted = {}
    office, lead = sign_in("office"), sign_in("lead")
    jobs = {
        "交办 60 件": partial(assign, office),
        "催办 20 件": partial(chase, office),
        "销号 15 件": partial(strike_off, office),
        "退回 5 件": partial(send_back, office),
        "答复延期 3 件": partial(extend, lead),
        "并案 2 件": partial(merge, office),
        "举一反三征询 32 个单位": partial(enquire, office),
        "回头看抽取 1 次": partial(draw, office),
    }
    for name, act in jobs.items():
        desk = act(full_ledger)
        counted[name] = (desk.presses, desk.typed)
    assert counted["交办 60 件"][0] <= 12
    assert counted == in_manual()


def in_manual() -> dict[str, tuple[int, int]]:
    """{job: (presses, fields)} of the table in the manual of the office."""
    rows = re.findall(r"^\| (.+?) \| (\d+) \| (\d+) \|", MANUAL.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: (int(presses), int(typed)) for name, presses, typed in rows}


def states() -> Counter:
    return Counter(Issue.objects.values_list("state", flat=True))


def assign(page, ledger) -> Desk:
    desk = Desk(page)
    desk.open_ledger()
    desk.press("button", "批量交办")
    desk.press("button", "所选问题交办")
    page.get_by_role("heading", name="批量交办的结果").wait_for()
    assert (states()["assigned"], states()["registered"]) == (60, 2)
    return desk


def chase(page, ledger) -> Desk:
    desk = Desk(page)
    desk.open_ledger("逾期")
    desk.press("button", "批量催办")
    desk.press("button", "催办所选")
    page.get_by_role("heading", name="批量催办的结果").wait_for()
    assert set(Chase.objects.values_list("issue", flat=True)) == {issue.pk for issue in ledger["late"]}
    return desk


def strike_off(page, ledger) -> Desk:
    desk = Desk(page)
    desk.open_ledger("待验收")
    desk.press("button", "批量销号")
    links = page.get_by_role("link", name="佐证1", exact=True)
    for number in range(15):
        desk.look_at(links.nth(number))
    desk.reload()
    desk.type("验收意见", "现场核对属实")
    desk.type("登录密码", PASSWORD)
    desk.press("button", "所选问题销号")
    page.get_by_role("heading", name="批量销号的结果").wait_for()
    assert (states()["closed"], states()["closing"]) == (20, 5)
    return desk


def send_back(page, ledger) -> Desk:
    desk = Desk(page)
    desk.open_ledger("待验收")
    desk.press("button", "批量退回整改")
    # Nothing was ticked on the list, and one reason for all of them is a decision: nothing is ticked here either.
    desk.press("button", "全选")
    desk.type("退回原因", "照片看不出改了什么，请补拍")
    desk.press("button", "所选问题退回整改")
    page.get_by_role("heading", name="批量退回整改的结果").wait_for()
    assert states()["closing"] == 0
    return desk


def extend(page, ledger) -> Desk:
    desk = Desk(page)
    for issue in ledger["waiting"]:
        desk.press("link", "等我办")
        desk.press("link", re.compile(issue.number))
        desk.press("link", "同意延期")
        desk.press("button", "同意延期")
        page.wait_for_url(f"**/issues/{issue.number}/")
        issue.refresh_from_db()
        assert issue.due_on == date(2022, 8, 31)
    return desk


def merge(page, ledger) -> Desk:
    desk = Desk(page)
    for double, target in zip(ledger["doubles"], ledger["alike"], strict=True):
        desk.open_ledger()
        desk.press("link", double.number)
        desk.press("link", "并入这一件")
        desk.press("button", "并案")
        page.wait_for_url(f"**/issues/{double.number}/")
        double.refresh_from_db()
        assert (double.state, double.merged_into_id) == ("merged", target.pk)
    return desk


def enquire(page, ledger) -> Desk:
    desk, issue = Desk(page), ledger["alike"][0]
    desk.open_ledger()
    desk.press("link", issue.number)
    desk.press("link", re.compile("发起举一反三"))
    desk.press("button", "全选")
    desk.press("button", "发起征询")
    page.wait_for_url("**/enquiries/**")
    assert Enquiry.objects.get().replies.count() == 32
    return desk


def draw(page, ledger) -> Desk:
    desk = Desk(page)
    desk.press("link", "等我办")
    desk.press("link", re.compile("已销号问题到期"))
    desk.press("button", "抽取")
    page.get_by_role("heading", name="回头看抽取记录").wait_for()
    assert len(LookBackDraw.objects.get().population) == 5
    return desk
