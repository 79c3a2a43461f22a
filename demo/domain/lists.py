"""The hotline's lists and a random draw of the demonstration, made through the product's own functions."""

from datetime import datetime

from django.utils import timezone

from campaigns.domain import hotline
from campaigns.domain.hotline_file import SHAPE, import_figures
from campaigns.models import Campaign, HotlineMonth
from core.exceptions import Refused
from core.tabular import SheetTable, read_table
from demo.domain.material import FOLDER
from demo.domain.scenario import Cast
from walks.domain.draws import make_draw

ISSUED, WAITING = "2022-05", "2022-06"
IMPORTED_AT = {ISSUED: datetime(2022, 6, 1, 9, 10), WAITING: datetime(2022, 7, 1, 9, 20)}
ISSUED_AT, DRAWN_AT = datetime(2022, 6, 1, 10, 30), datetime(2022, 6, 7, 8, 50)
CUT = {ISSUED: 5, WAITING: 4}
LEAD, LIAISON, UNIT = "qiantou", "lianluo", "县民政局"


def read_lists() -> dict[str, SheetTable]:
    """{month: its figures as the file has them}."""
    return {month: read_table(FOLDER / f"hotline-{month}.csv", SHAPE) for month in IMPORTED_AT}


def seed_lists(campaign: Campaign, cast: Cast, tables: dict[str, SheetTable]) -> None:
    """One month's list issued, the next one with units tied at its cut waiting; one draw of a unit."""
    lead = cast.by_username[LEAD]
    for month, at in IMPORTED_AT.items():
        now = timezone.make_aware(at)
        result = import_figures(campaign=campaign, month=month, path=tables[month], actor=lead, now=now)
        if result.errors:
            raise Refused(f"演示数据未装入：{result.file}，{result.errors[0]}。", rule="demo")
        found = HotlineMonth.objects.get(campaign=campaign, month=month)
        hotline.choose(month=found, cut=CUT[month], tied=None, actor=lead)
    first = HotlineMonth.objects.get(campaign=campaign, month=ISSUED)
    seen = hotline.token_of(hotline.ranking(first))
    hotline.issue(month=first, seen=seen, actor=lead, now=timezone.make_aware(ISSUED_AT))
    make_draw(
        campaign=campaign,
        department=cast.units[UNIT],
        n=2,
        actor=cast.by_username[LIAISON],
        now=timezone.make_aware(DRAWN_AT),
    )
