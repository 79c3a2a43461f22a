"""One enquiry (举一反三) of the demonstration with its first answers, one draw for 回头看, and a unit asked for one."""

from datetime import datetime, time

from django.db.models import Q

from accounts.enums import Role
from accounts.models import User
from campaigns.models import Campaign
from demo.domain.material import Dates
from demo.domain.scenario import Cast
from issues.domain.enquiries import lifecycle
from issues.domain.enquiries.units import units_to_ask
from issues.domain.lookback import asking, draws
from issues.enums import IssueState
from issues.models import EnquiryReply, Issue

SENT, ANSWERED = "-4", "-1"
# Before the last problems of the first month fell due, so that there is something left to draw.
DRAWN = "2022-07-25"
# After everything else: what an answer puts on the ledger has the latest number.
AT = time(17, 55)
# The unit whose liaison the accounts of the demonstration name is still to answer.
OWES = "县民政局"
ANSWERS = (
    ("县公安局", "found", "户籍窗口对补办证件的材料也没有一次性告知，群众要跑两趟。"),
    ("县人社局", "none", "逐个窗口抽查近一个月办件，均有一次性告知单。"),
    ("县发改委", "none", "本单位没有对外窗口，查阅办件记录未发现同类问题。"),
)


def seed_enquiry(campaign: Campaign, cast: Cast, dates: Dates) -> None:
    """The office asks every unit about one issue; three have answered, one of them with an issue of its own."""
    office, sent = cast.by_username["tongchou"], dates.moment(SENT, AT)
    elsewhere = ~Q(responsible_department__name__in=[OWES, *(name for name, *_ in ANSWERS)])
    issue = Issue.objects.filter(elsewhere, campaign=campaign, state=IssueState.CLOSED).earliest("number")
    lifecycle.send(
        issue=issue,
        units=list(units_to_ask(office, issue, sent.date())),
        question=f"请排查本单位是否存在同类问题：{issue.description}",
        reply_by=dates.calendar.add_workdays(dates.today, 2),
        actor=office,
        now=sent,
    )
    for name, action, words in ANSWERS:
        _answer(cast.person(cast.units[name], Role.LIAISON), name, action, words, dates.moment(ANSWERED, AT))


def seed_draw(campaign: Campaign, cast: Cast, dates: Dates) -> None:
    """The office drew once, among what had been struck off long enough by then; the rest waits for a draw."""
    draws.draw(campaign=campaign, actor=cast.by_username["tongchou"], now=dates.moment(DRAWN, AT))


def seed_look_back_request(campaign: Campaign, cast: Cast, dates: Dates) -> None:
    """The office asks a unit to walk again for an issue of another one."""
    asked = Issue.objects.filter(campaign=campaign, state=IssueState.CLOSED, item__isnull=False, look_backs=None)
    asking.ask(
        issue=asked.exclude(responsible_department__name=OWES).earliest("number"),
        department=cast.units[OWES],
        due_on=dates.calendar.add_workdays(dates.today, 5),
        note="带上原来的材料，重走受理环节。",
        actor=cast.by_username["tongchou"],
        now=dates.moment(ANSWERED, AT),
    )


def _answer(actor: User, unit: str, action: str, words: str, now: datetime) -> None:
    reply = EnquiryReply.objects.select_related(*lifecycle.OF_REPLY).get(department__name=unit)
    lifecycle.answer(reply=reply, action=action, actor=actor, data={"words": words}, now=now)
