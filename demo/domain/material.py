"""What the demonstration is made of: files under data/demo, fixed names, and the accounts shown to whoever tries it."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from core.workdays import WorkCalendar

FOLDER = Path(settings.BASE_DIR) / "data" / "demo"
ITEMS_OF_THE_NOTICES = Path(settings.BASE_DIR) / "data" / "service-items-named-in-sources.csv"
CITY, COUNTY, NEIGHBOUR = "云岭市", "青禾县", "白石县"
COUNTY_CODE, NEIGHBOUR_CODE = "QH2022", "BS2022"
TEMPLATE = "lantian-2022"
FIRST_MONTH = "2022-06"
STARTS_ON = date(2022, 5, 25)
PASSWORD = "Liucheng-2022"

ACCOUNTS = (
    ("juzhang", "青禾县民政局局长：手机上体验、签字"),
    ("fujuzhang", "青禾县民政局副局长：受委托体验"),
    ("lianluo", "青禾县民政局联络员：补齐、报送、签收、定措施"),
    ("zerenren", "青禾县民政局整改责任人：进展、申请销号"),
    ("qiantou", "青禾县行政审批局（牵头）：接收、交办、验收"),
    ("qiantou2", "青禾县司法局（牵头跟执法）兼联络员"),
    ("tongchou", "青禾县营商办：统筹、挂账、并案、回头看"),
    ("tongchou2", "青禾县营商办：第二人复核"),
    ("ducha", "青禾县督查：查看全部数字、台账和材料，不办理"),
    ("shitongchou", "云岭市营商办：看下属各县"),
    ("baishi", "白石县民政局联络员：邻县同名单位，互不可见"),
    ("xitong", "系统管理员"),
    ("anquan", "安全管理员"),
    ("shenji", "审计员"),
)


def walks(name: str) -> list[dict]:
    """The walks told in ``data/demo/walks-<name>.json``; the format is described there in README.md."""
    return json.loads((FOLDER / f"walks-{name}.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Dates:
    """Reads the days of the stories: ``2022-06-08``, ``-5`` (工作日 before today), ``+7d`` ``-3d`` (days)."""

    today: date
    calendar: WorkCalendar

    def day(self, text: str) -> date:
        if text.endswith("d"):
            return self.today + timedelta(days=int(text[:-1]))
        if text.startswith("-"):
            return self.calendar.add_workdays(self.today, int(text))
        return date.fromisoformat(text)

    def moment(self, text: str, clock: time | None = None) -> datetime:
        """The local moment of ``2022-06-08 09:30``, or of a day at ``clock``."""
        day, _, at = text.partition(" ")
        return timezone.make_aware(datetime.combine(self.day(day), clock or time.fromisoformat(at)))
