"""Which struck-off issues are due for 回头看 by the rules they are under, as conditions on rows.

Some days after 销号 (``look_back_days``): each with a red 督办单 in the round, each solved at once (立行立改), and of
the others the share drawn (``look_back_share``); with a share of 100 every one.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.models import Campaign
from issues.domain.rulebooks import held_by
from issues.enums import IssueState, SlipColour, Track
from issues.models import LookBackTicket, Slip

EVERY = 100
Campaigns = Sequence[Campaign] | QuerySet[Campaign]


def has_red_slip() -> Exists:
    """Whether a red 督办单 was signed in the present round."""
    return Exists(Slip.objects.filter(issue=OuterRef("pk"), round=OuterRef("round"), colour=SlipColour.RED))


def was_drawn(**facts: bool) -> Exists:
    """Whether the issue was in a draw in the present round; ``is_chosen``: and drawn."""
    return Exists(LookBackTicket.objects.filter(issue=OuterRef("pk"), round=OuterRef("round"), **facts))


def due_q(campaigns: Campaigns, today: date) -> Q:
    """Issues of these campaigns due for 回头看 on that day, arranged or not; one query now. Over rows with ``is_red``
    (``has_red_slip``) and ``is_drawn`` (``was_drawn``)."""
    named = Q(is_red=True) | Q(track=Track.ON_SPOT) | Q(is_drawn=True)
    return _by_version(campaigns, today, lambda share: Q() if share >= EVERY else named)


def pool_q(campaigns: Campaigns, today: date) -> Q:
    """Issues among which those to be looked back on are still to be drawn: due by their date, named by no rule, and in
    no draw of the present round; one query now."""
    open_ones = ~Q(has_red_slip()) & ~Q(track=Track.ON_SPOT) & ~Q(was_drawn())
    return _by_version(campaigns, today, lambda share: Q(pk__in=[]) if share >= EVERY else open_ones)


def _by_version(campaigns: Campaigns, today: date, asked: Callable[[int], Q]) -> Q:
    found = Q(pk__in=[])
    for under, rules in held_by(campaigns):
        rule = rules.rectification
        last = today - timedelta(days=rule.look_back_days)
        found |= under & Q(closed_on__lte=last) & asked(rule.look_back_share)
    return Q(state=IssueState.CLOSED) & found
