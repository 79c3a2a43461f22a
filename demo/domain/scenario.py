"""Plays the walks of the demonstration through the product's own functions, every event at its own moment.

All events of all walks are put into one order of time first, so that numbers, histories and notices come out as they
would have in a real month.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from accounts.models import Department, Membership, User
from campaigns.enums import DelegationReason
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from demo.domain.components import Parts
from demo.domain.material import Dates
from evidence.models import StoredFile
from issues.domain import intake
from issues.models import Issue
from walks.domain import components, opening
from walks.domain import lifecycle as walk_lifecycle
from walks.models import Session, Step

RECORDED_AT, SIGNED_AT, REPORTED_AT, ACCEPTED_AT = time(9, 30), time(15, 10), time(16, 20), time(9, 20)
RETURNED_AT, WAITING_AT = time(17, 0), time(17, 30)
STEPS_BEFORE = {"waiting": 0, "recorded": 1, "signed": 2, "reported": 3, "returned": 3, "accepted": 4}


@dataclass
class Cast:
    """Who and what the stories of one county speak of, by name: one query each."""

    people: dict[tuple[str, str], User]
    by_username: dict[str, User]
    units: dict[str, Department]
    items: dict[str, ServiceItem]

    @classmethod
    def of(cls, campaign: Campaign) -> "Cast":
        rows = Membership.objects.filter(department__region=campaign.region).select_related("user", "department")
        people, by_username = {}, {}
        for row in rows.order_by("id"):
            user = by_username.setdefault(row.user.username, row.user)
            people.setdefault((row.department.name, row.role), user)
        units = {unit.name: unit for unit in Department.objects.filter(region=campaign.region)}
        items = {item.name: item for item in ServiceItem.objects.filter(department__region=campaign.region)}
        return cls(people, by_username, units, items)

    def hand(self, unit: Department, *roles: str) -> User:
        """The first person who holds one of ``roles`` in the unit; KeyError when the roster lacks one."""
        for role in roles:
            if user := self.people.get((unit.name, role)):
                return user
        raise KeyError(f"{unit}：{roles}")


@dataclass
class Told:
    """A walk as far as it has been played."""

    data: dict
    unit: Department
    walker: User
    session: Session | None = None
    steps: list[Step] = field(default_factory=list)
    drafts: list[Issue] = field(default_factory=list)


class Story:
    """One county's walks. ``issue_events`` plays what happens to a problem once it stands on the ledger."""

    def __init__(self, *, campaign: Campaign, cast: Cast, photos: dict[str, StoredFile], dates: Dates, issue_events):
        self.campaign, self.cast, self.photos, self.dates = campaign, cast, photos, dates
        self.issue_events = issue_events
        self.parts = Parts()
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
        told = Told(data, unit, self.cast.hand(unit, data["walker"]))
        self.at(self.dates.moment(data["start"]), lambda at: self._start(told, at))
        for index, step in enumerate(data["steps"]):
            moment = self.dates.moment(step["at"])
            self.at(moment, lambda at, step=step: self._step(told, step, at))
            for problem in data["problems"]:
                if problem["step"] == index:
                    later = moment + timedelta(minutes=5)
                    self.at(later, lambda at, problem=problem: self._problem(told, problem, at))
        if how_far := data.get("parts"):
            self.at(moment + timedelta(minutes=6), lambda at: self._parts(told, how_far, at))
        for need in data["needs"]:
            self.at(moment + timedelta(minutes=10), lambda at, need=need: self._need(told, need))
        self._queue_paper(told)

    def _queue_paper(self, told: Told) -> None:
        """Recording, signature, report and what the receiving side does, as far as the story goes (``until``)."""
        until = told.data["until"]
        if until == "waiting":
            last = self.dates.moment(told.data["steps"][-1]["at"].partition(" ")[0], WAITING_AT)
            self.at(last, lambda at: self._wait(told, at))
            return
        papers = [(RECORDED_AT, self._record), (SIGNED_AT, self._sign), (REPORTED_AT, self._report)]
        for clock, act in papers[: STEPS_BEFORE[until]]:
            self.at(self.dates.moment(told.data["report"], clock), lambda at, act=act: act(told, at))
        if until == "accepted":
            self.at(self.dates.moment(told.data["accept"], ACCEPTED_AT), lambda at: self._accept(told, at))
        elif until == "returned":
            self.at(self.dates.moment(told.data["report"], RETURNED_AT), lambda at: self._send_back(told, at))
        if STEPS_BEFORE[until] >= STEPS_BEFORE["reported"]:
            for problem in told.data["problems"]:
                self.issue_events.queue(self, told, problem)

    def _start(self, told: Told, at: datetime) -> None:
        told.session = opening.start(
            actor=told.walker,
            campaign=self.campaign,
            department_id=told.unit.pk,
            item=self.cast.items[told.data["item"]],
            mode=told.data["mode"],
            activity_kind=told.data["kind"],
            delegation_reason=DelegationReason.MANY_ITEMS if told.data["walker"] == "deputy" else "",
            now=at,
        )

    def _step(self, told: Told, step: dict, at: datetime) -> None:
        common = {"session": told.session, "actor": told.walker, "happened_at": at, "files": self.files(step)}
        if code := step.get("component"):
            made = components.add(code=code, note=step["note"], **common)
        else:
            made = walk_lifecycle.add_step(
                stage=step["stage"], note=step["note"], assessment=step["assessment"], **common
            )
        told.steps.append(made)

    def _parts(self, told: Told, how_far: str, at: datetime) -> None:
        self.parts.add(told.session, actor=told.walker, how_far=how_far, at=at)

    def _problem(self, told: Told, problem: dict, at: datetime) -> None:
        step = told.steps[problem["step"]]
        draft = intake.capture(
            session=told.session,
            actor=told.walker,
            description=problem["text"],
            stage=step.stage,
            step=step,
            files=self.files(problem),
            now=at,
        )
        told.drafts.append(draft)

    def _need(self, told: Told, need: dict) -> None:
        intake.add_need(session=told.session, actor=told.walker, **need)

    def _wait(self, told: Told, at: datetime) -> None:
        walk_lifecycle.set_waiting(session=told.session, waiting=True, actor=told.walker, now=at)

    def _record(self, told: Told, at: datetime) -> None:
        liaison = self.cast.hand(told.unit, "liaison")
        for draft in told.drafts:
            problem = next(one for one in told.data["problems"] if one["text"] == draft.description)
            intake.classify(
                issue=draft,
                actor=liaison,
                description=draft.description,
                stage=draft.stage,
                category=problem["category"],
                department=self.cast.units[problem.get("unit", told.unit.name)],
            )
        ended = self.dates.day(told.data["steps"][-1]["at"].partition(" ")[0])
        told.session.refresh_from_db()
        walk_lifecycle.write_facts(session=told.session, actor=liaison, facts={"ended_on": ended, **told.data["facts"]})
        told.session.refresh_from_db()
        intake.record_session(session=told.session, actor=liaison, now=at)

    def _sign(self, told: Told, at: datetime) -> None:
        intake.sign_session(session=told.session, actor=self.cast.hand(told.unit, "principal"), now=at)

    def _report(self, told: Told, at: datetime) -> None:
        liaison = self.cast.hand(told.unit, "liaison")
        told.drafts = intake.report_session(session=told.session, actor=liaison, now=at)

    def _accept(self, told: Told, at: datetime) -> None:
        walk_lifecycle.accept(session=told.session, actor=self._receiving_hand(told), now=at)

    def _send_back(self, told: Told, at: datetime) -> None:
        walk_lifecycle.send_back(
            session=told.session, actor=self._receiving_hand(told), reason=told.data["return_reason"], now=at
        )

    def _receiving_hand(self, told: Told) -> User:
        """The lead that receives the walk; the office when the lead walked itself."""
        receiver = told.session.receiver
        if receiver.pk == told.unit.pk:
            return self.cast.hand(self.campaign.office, "office")
        return self.cast.hand(receiver, "lead")
