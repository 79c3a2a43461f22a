"""What a picture of a page is (scripts/shots.py), and the addresses that many of them share."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page
from shot_acts import in_draft

UUID = "[0-9a-f]{8}-[0-9a-f-]{27}"
WALK = f"/walks/{UUID}"
DRAW = "/campaigns/QH2022/look-backs/draw/"
ISSUE = "/issues/[^/?]+-[^/?]+"


@dataclass(frozen=True)
class Shot:
    """``route``: the name in the URLconf. ``path`` is opened; or the first link that fits ``link``, on ``start`` or
    anywhere, with ``then`` put behind it. ``do`` then acts on the page (press, open); ``status`` is the answer
    expected at the end."""

    name: str
    route: str
    who: str
    path: str = ""
    link: str = ""
    start: str = ""
    then: str = ""
    do: Callable[[Page], None] | None = None
    status: int = 200


def person_act(act: str, who: str) -> Shot:
    return Shot(f"person-{act}", f"person_{act}", who, link=r"/people/\d+/", start="/people/?q=lianluo", then=f"{act}/")


def rules_page(group: str) -> Shot:
    return Shot(f"campaign-rules-{group}", "campaign_rules", "tongchou", "/campaigns/", do=in_draft(f"rules/{group}/"))


STEP = rf"{WALK}/steps/{UUID}/"
COMPONENT = f"{WALK}/components"
JUNE = "/reports/QH2022/2022-06/"
SUGGESTIONS = "/help/suggestions/"
HOTLINE = "/campaigns/QH2022/hotline/"
ALL_COLUMNS = (
    "cols=number&cols=found_on&cols=source_label&cols=item_name&cols=description&cols=category&cols=lead&cols=unit"
    "&cols=person&cols=phone&cols=measures&cols=track_label&cols=due_on&cols=doing&cols=closed_on&cols=state"
)


def state(name: str, who: str = "tongchou") -> Shot:
    return Shot(f"issue-{name}", "issue", who, link=rf"{ISSUE}/", start=f"/issues/?state={name}")


def act(action: str, who: str) -> Shot:
    return Shot(f"act-{action}", "issue_act", who, link=rf"{ISSUE}/{action}/")


def walk_in(tab: str, who: str) -> Shot:
    return Shot(f"walk-{tab}", "walk", who, link=rf"{WALK}/", start=f"/walks/?tab={tab}")


def verb(name: str, who: str) -> Shot:
    return Shot(f"walk-act-{name}", "walk_act", who, link=rf"{WALK}/{name}/")


def plan(name: str, who: str, tab: str) -> Shot:
    return Shot(f"plan-{name}", "plan", who, link=r"/plans/\d+/", start=f"/plans/?tab={tab}")


def plan_act(verb: str, who: str, tab: str) -> Shot:
    start = f"/plans/?tab={tab}"
    return Shot(f"plan-act-{verb}", "plan_act", who, link=r"/plans/\d+/", start=start, then=f"act/{verb}/")


def refused(name: str, route: str, who: str, link: str, start: str, then: str, status: int) -> Shot:
    return Shot(name, route, who, link=link, start=start, then=then, status=status)
