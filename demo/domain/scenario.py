"""Plays the walks of the demonstration through the product's own functions, every event at its own moment.

All events of all walks are put into one order of time first, so that numbers, histories and notices come out as they
would have in a real month.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from typing import Protocol

from accounts.models import Department, Membership, User
from campaigns.enums import DelegationReason
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from demo.domain.components import DemoComponents
from demo.domain.material import Dates
from evidence.models import StoredFile
from issues.domain import intake
from issues.models import Issue
from walks.domain import components, opening
from walks.domain import lifecycle as walk_lifecycle
from walks.models import Step, Walk

RECORDED_AT, SIGNED_AT, REPORTED_AT, ACCEPTED_AT = time(9, 30), time(15, 10), time(16, 20), time(9, 20)
RETURNED_AT, WAITING_AT = time(17, 0), time(17, 30)
STEPS_BEFORE = {"waiting": 0, "recorded": 1, "signed": 2, "reported": 3, "returned": 3, "accepted": 4}


@dataclass
class Cast:
    """Who and what the stories of one county name, by name: one query each."""

    people: dict[tuple[str, str], User]
    by_username: dict[str, User]
    units: dict[str, Department]
    items: dict[str, ServiceItem]

    @classmethod
    def of(cls, campaign: Campaign) -> "Cast":
        rows = Membership.objects.filter(department__region=campaign.region).select_related("user", "department")
        people: dict[tuple[str, str], User] = {}
        by_username: dict[str, User] = {}
        for row in rows.order_by("id"):
            user = by_username.setdefault(row.user.username, row.user)
            people.setdefault((row.department.name, row.role), user)
        units = {unit.name: unit for unit in Department.objects.filter(region=campaign.region)}
        items = {item.name: item for item in ServiceItem.objects.filter(department__region=campaign.region)}
        return cls(people, by_username, units, items)

    def person(self, unit: Department | None, *roles: str) -> User:
        """The first person who holds one of ``roles`` in the unit; KeyError when the roster lacks one."""
        for role in roles:
            if unit and (user := self.people.get((unit.name, role))):
                return user
        raise KeyError(f"{unit}：{roles}")


@dataclass
class SeededWalk:
    """A walk as far as it has been played; ``walk`` from its first event on."""

    data: dict
    unit: Department
    walker: User
    walk: Walk = field(init=False)
    steps: list[Step] = field(default_factory=list)
    drafts: list[Issue] = field(default_factory=list)


class Sequel(Protocol):
    """What happens to a problem once it stands on the ledger."""

    def queue(self, scenario: "Scenario", seeded: SeededWalk, problem: dict) -> None:
        """Put the problem's events into the scenario's order of time."""


class Scenario:
    """One county's walks. ``issue_events`` plays what happens to a problem once it stands on the ledger."""

    def __init__(
        self, *, campaign: Campaign, cast: Cast, photos: dict[str, StoredFile], dates: Dates, issue_events: Sequel
    ):
        self.campaign, self.cast, self.photos, self.dates = campaign, cast, photos, dates
        self.issue_events = issue_events
        self.components = DemoComponents()
        self.scenes: list[tuple[datetime, int, Callable[[datetime], object]]] = []

    def play(self, walks: list[dict]) -> None:
        """Queue every event of every walk, then carry them out in the order of time."""
        for walk in walks:
            self._queue(walk)
        for at, _, act in sorted(self.scenes, key=lambda scene: scene[:2]):
            act(at)

    def at(self, moment: datetime, act: Callable[[datetime], object]) -> None:
        """Queue one event; of two at the same moment the one queued first comes first."""
        self.scenes.append((moment, len(self.scenes), act))

    def files(self, data: dict) -> list[StoredFile]:
        """The picture a step, problem or event names, as a list."""
        return [self.photos[data["photo"]]] if data.get("photo") else []

    def _queue(self, data: dict) -> None:
        unit = self.cast.units[data["unit"]]
        seeded = SeededWalk(data, unit, self.cast.person(unit, data["walker"]))
        moment = self.dates.moment(data["start"])
        self.at(moment, partial(self._start, seeded))
        for index, step in enumerate(data["steps"]):
            moment = self.dates.moment(step["at"])
            self.at(moment, partial(self._step, seeded, step))
            for problem in data["problems"]:
                if problem["step"] == index:
                    self.at(moment + timedelta(minutes=5), partial(self._problem, seeded, problem))
        if how_far := data.get("components"):
            self.at(moment + timedelta(minutes=6), partial(self._components, seeded, how_far))
        for need in data["needs"]:
            self.at(moment + timedelta(minutes=10), partial(self._need, seeded, need))
        self._queue_paper(seeded)

    def _queue_paper(self, seeded: SeededWalk) -> None:
        """Recording, signature, report and what the receiving side does, as far as the scenario goes (``until``)."""
        until = seeded.data["until"]
        if until == "waiting":
            last = self.dates.moment(seeded.data["steps"][-1]["at"].partition(" ")[0], WAITING_AT)
            self.at(last, partial(self._wait, seeded))
            return
        papers = [(RECORDED_AT, self._record), (SIGNED_AT, self._sign), (REPORTED_AT, self._report)]
        for clock, act in papers[: STEPS_BEFORE[until]]:
            self.at(self.dates.moment(seeded.data["report"], clock), partial(act, seeded))
        if until == "accepted":
            self.at(self.dates.moment(seeded.data["accept"], ACCEPTED_AT), partial(self._accept, seeded))
        elif until == "returned":
            self.at(self.dates.moment(seeded.data["report"], RETURNED_AT), partial(self._send_back, seeded))
        if STEPS_BEFORE[until] >= STEPS_BEFORE["reported"]:
            for problem in seeded.data["problems"]:
                self.issue_events.queue(self, seeded, problem)

    def _start(self, seeded: SeededWalk, at: datetime) -> None:
        draft = opening.WalkDraft(
            campaign=self.campaign,
            department_id=seeded.unit.pk,
            item=self.cast.items[seeded.data["item"]],
            mode=seeded.data["mode"],
            activity_kind=seeded.data["kind"],
            delegation_reason=DelegationReason.MANY_ITEMS if seeded.data["walker"] == "deputy" else "",
        )
        seeded.walk = opening.start(draft, actor=seeded.walker, now=at)

    def _step(self, seeded: SeededWalk, step: dict, at: datetime) -> None:
        walk, actor, files = seeded.walk, seeded.walker, self.files(step)
        if code := step.get("component"):
            made = components.add(walk=walk, actor=actor, code=code, note=step["note"], happened_at=at, files=files)
        else:
            made = walk_lifecycle.add_step(
                walk=walk,
                actor=actor,
                stage=step["stage"],
                note=step["note"],
                assessment=step["assessment"],
                happened_at=at,
                files=files,
            )
        seeded.steps.append(made)

    def _components(self, seeded: SeededWalk, how_far: str, at: datetime) -> None:
        self.components.add(seeded.walk, actor=seeded.walker, how_far=how_far, at=at)

    def _problem(self, seeded: SeededWalk, problem: dict, at: datetime) -> None:
        step = seeded.steps[problem["step"]]
        draft = intake.capture(
            walk=seeded.walk,
            actor=seeded.walker,
            description=problem["text"],
            stage=step.stage,
            step=step,
            files=self.files(problem),
            now=at,
        )
        seeded.drafts.append(draft)

    def _need(self, seeded: SeededWalk, need: dict, at: datetime) -> None:
        intake.add_need(walk=seeded.walk, actor=seeded.walker, **need)

    def _wait(self, seeded: SeededWalk, at: datetime) -> None:
        walk_lifecycle.set_waiting(walk=seeded.walk, waiting=True, actor=seeded.walker, now=at)

    def _record(self, seeded: SeededWalk, at: datetime) -> None:
        liaison = self.cast.person(seeded.unit, "liaison")
        for draft in seeded.drafts:
            problem = next(one for one in seeded.data["problems"] if one["text"] == draft.description)
            intake.classify(
                issue=draft,
                actor=liaison,
                description=draft.description,
                stage=draft.stage,
                category=problem["category"],
                department=self.cast.units[problem.get("unit", seeded.unit.name)],
            )
        ended = self.dates.day(seeded.data["steps"][-1]["at"].partition(" ")[0])
        seeded.walk.refresh_from_db()
        walk_lifecycle.write_facts(walk=seeded.walk, actor=liaison, facts={"ended_on": ended, **seeded.data["facts"]})
        seeded.walk.refresh_from_db()
        intake.record_walk(walk=seeded.walk, actor=liaison, now=at)

    def _sign(self, seeded: SeededWalk, at: datetime) -> None:
        intake.sign_walk(walk=seeded.walk, actor=self.cast.person(seeded.unit, "principal"), now=at)

    def _report(self, seeded: SeededWalk, at: datetime) -> None:
        liaison = self.cast.person(seeded.unit, "liaison")
        seeded.drafts = intake.report_walk(walk=seeded.walk, actor=liaison, now=at)

    def _accept(self, seeded: SeededWalk, at: datetime) -> None:
        walk_lifecycle.perform(walk=seeded.walk, action="accept", actor=self._receiving_hand(seeded), now=at)

    def _send_back(self, seeded: SeededWalk, at: datetime) -> None:
        walk_lifecycle.perform(
            walk=seeded.walk,
            action="send_back",
            actor=self._receiving_hand(seeded),
            data={"reason": seeded.data["return_reason"]},
            now=at,
        )

    def _receiving_hand(self, seeded: SeededWalk) -> User:
        """The lead that receives the walk; the office when the lead walked itself."""
        receiver = seeded.walk.receiver
        if receiver.pk == seeded.unit.pk:
            return self.cast.person(self.campaign.office, "office")
        return self.cast.person(receiver, "lead")
