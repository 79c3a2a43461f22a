"""What a person sends who is not named on a covert walk: wrong forms, and right ones for the same item and day."""

from collections.abc import Iterator
from itertools import chain

from django.urls import reverse

from campaigns.domain.roster import token_of_roster
from catalogue.models import ServiceItem
from core.content_token import content_token
from issues.domain.intake import whole_problem
from issues.models import Issue
from reports.domain.submissions.lifecycle import token_of_parts
from tests.access.table import POLICY
from tests.access.world import World
from tests.twin.crawl import Answer, ask, browser_of
from tests.twin.world import DAY, same_ids
from walks.domain.stored import whole_step
from walks.models import Step

# Signing out would end the tour.
LEFT_OUT = ("logout",)
WITHDRAWN = {"withdraw": "1", "reason": "记错"}
WITH_WITHDRAWAL = ("walk_problem", "walk_step_edit", "walk_component_edit")


def send_all(user, world: World, hidden: list[str]) -> dict[str, Answer]:
    """{what was sent: answer}: each POST route with nothing filled in, for the county's objects; the addresses of
    ``hidden`` walks; then ``_right`` forms."""
    answers, browser = {}, browser_of(user)
    # One after the other: what is sent may ask for what was saved before.
    everything = chain(_empty(world), ((address, {}) for address in hidden), _right(world))
    with same_ids():
        for number, (address, data) in enumerate(everything):
            body = {"idempotency_key": f"key-{number}", **data}
            answers[f"POST {number} {address} {sorted(data.items())}"] = ask(browser, address, body)
    return answers


def _empty(world: World) -> Iterator[tuple[str, dict]]:
    for name, row in POLICY.items():
        if row.post is None or name in LEFT_OUT:
            continue
        arguments = (world.objects["own"][row.kind] if row.kind else {}) | row.extra
        yield reverse(name.split(":")[0], kwargs=arguments), {}
        if name in WITH_WITHDRAWAL:
            yield reverse(name, kwargs=arguments), WITHDRAWN | {"seen": _seen(arguments)}


def _seen(arguments: dict) -> str:
    """What the form of 撤回 over that step, record or problem of the county is opened on."""
    if "issue_id" in arguments:
        # Whoever sent before may have withdrawn it.
        problem = Issue.objects.filter(public_id=arguments["issue_id"]).first()
        return content_token(whole_problem(problem)) if problem else "withdrawn"
    return content_token(whole_step(Step.objects.get(public_id=arguments["step_id"])))


def _right(world: World) -> Iterator[tuple[str, dict]]:
    """The item and the day of the covert walks: a walk, a plan of it, a draw, a roster, the must-walk list."""
    cast = world.cast
    items = list(ServiceItem.objects.filter(name__startswith="寻常事项").order_by("name"))
    for item in items:
        here = f"{cast.campaign.pk}-{cast.unit.pk}"
        yield reverse("walk_start"), {"item": item.pk, "mode": "in_person", "place": here}
        planned = {"item": item.pk, "mode": "in_person", "planned_on": str(DAY), "spot": "县政务大厅"}
        yield reverse("walk_covert_add"), planned
        yield reverse("pool_add", args=[cast.campaign.code]), {"item": item.pk, "provenance": "leader"}
    yield reverse("plan_edit", kwargs=world.objects["own"]["plan"]), _grid(cast, items)
    yield reverse("draws", args=[cast.campaign.code]), {"department": cast.unit.pk, "month": "2022-06", "count": "2"}
    # The issue that a covert walk looks back on is walked again by somebody who knows nothing of it.
    looked_back_on = reverse("look_back_start", kwargs=world.objects["own"]["looked_back_on"])
    yield looked_back_on, {"item": cast.item.pk, "mode": "in_person", "walker": cast.principal.pk}
    # A unit of which nobody but those named knows that it walked says that it walked nothing.
    zero = {"zero": "True", "note": "本期未安排", "seen": token_of_parts([])}
    for unit in (cast.lead_unit, cast.unit):
        yield reverse("submission_send", args=[cast.campaign.code, "2022-06", unit.pk]), zero
    # One unit leaves the roster, all others of them after that; the walking one stays.
    for units in ([cast.unit.pk, cast.second_unit.pk], [cast.unit.pk]):
        sent = {"units": units, "seen": token_of_roster(cast.campaign)}
        yield reverse("campaign_roster", args=[cast.campaign.code]), sent


def _grid(cast, items) -> dict:
    """The plan's table with a row for each of the items, as the page sends it."""
    grid: dict = {"row": [str(number) for number in range(len(items))], "version": "2"}
    for number, item in enumerate(items):
        facts = {"item": item.pk, "mode": "in_person", "walker": cast.principal.pk, "planned_on": str(DAY)}
        grid |= {f"r{number}-{name}": value for name, value in facts.items()}
    return grid
