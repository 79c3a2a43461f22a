"""What happens to a problem of the demonstration once it stands on the ledger."""

from datetime import datetime, time, timedelta
from functools import partial

from accounts.enums import Role
from accounts.models import User
from demo.domain.scenario import REPORTED_AT, Scenario, SeededWalk
from issues.domain import lifecycle
from issues.domain.slips import lifecycle as slips
from issues.enums import EvidenceKind
from issues.models import Issue

MORNING, AFTER_REPORT = time(9, 30), time(16, 40)
APART = timedelta(minutes=15)
DAYS = ("due_on", "done_on", "review_on", "extension_to")
SLIP = ("colour", "demand", "jump_reason")
# Which unit acts, and by which roles (the first one the unit has).
HANDS = {
    "take": ("discovering", (Role.LIAISON,)),
    "fix_on_spot": ("discovering", (Role.LIAISON,)),
    "accept": ("responsible", (Role.LIAISON,)),
    "dispute": ("responsible", (Role.LIAISON,)),
    "plan": ("responsible", (Role.LIAISON,)),
    "note_progress": ("responsible", (Role.RESPONSIBLE, Role.LIAISON)),
    "request_closing": ("responsible", (Role.RESPONSIBLE, Role.LIAISON)),
    "chase": ("lead", (Role.LEAD,)),
    "ask_extension": ("responsible", (Role.RESPONSIBLE, Role.LIAISON)),
    "assign": ("lead", (Role.LEAD,)),
    "approve_closing": ("lead", (Role.LEAD,)),
    "mark_practice": ("lead", (Role.LEAD,)),
    "return_closing": ("lead", (Role.LEAD,)),
}


class IssueEvents:
    """The paths of the problems of one county; keeps those that others refer to by ``key``."""

    def __init__(self) -> None:
        self.by_key: dict[str, Issue] = {}

    def queue(self, scenario: Scenario, seeded: SeededWalk, problem: dict) -> None:
        """Put the problem's path into the scenario's order of time."""
        day, reported = None, scenario.dates.moment(seeded.data["report"], REPORTED_AT)
        for event in problem["path"]:
            moment = scenario.dates.moment(event["on"], MORNING)
            if moment < reported:
                moment = scenario.dates.moment(event["on"], AFTER_REPORT)
            day = moment if day is None or day + APART < moment else day + APART
            scenario.at(day, partial(self._play, scenario, seeded, problem, event))

    def _play(self, scenario: Scenario, seeded: SeededWalk, problem: dict, event: dict, at: datetime) -> None:
        issue = next(one for one in seeded.drafts if one.description == problem["text"])
        if problem.get("key"):
            self.by_key[problem["key"]] = issue
        actor = self._actor(scenario, issue, event)
        if event["do"] == "sign_slip":
            slips.sign(issue=issue, actor=actor, now=at, **{name: event[name] for name in SLIP})
            return
        data = self._data(scenario, issue, event)
        lifecycle.perform(issue=issue, action=event["do"], actor=actor, data=data, now=at)

    def _actor(self, scenario: Scenario, issue: Issue, event: dict) -> User:
        if event.get("by"):
            return scenario.cast.by_username[event["by"]]
        side, roles = HANDS.get(event["do"], ("office", ()))
        if side == "discovering":
            return scenario.cast.person(issue.discovering_department, *roles)
        if side == "responsible":
            return scenario.cast.person(issue.responsible_department, *roles)
        if side == "lead" and issue.lead_department_id != issue.responsible_department_id:
            return scenario.cast.person(issue.lead_department, *roles)
        return scenario.cast.person(scenario.campaign.office, Role.OFFICE)

    def _data(self, scenario: Scenario, issue: Issue, event: dict) -> dict:
        data = {name: value for name, value in event.items() if name not in ("on", "do", "by", "photo")}
        data |= {name: scenario.dates.day(event[name]) for name in DAYS if event.get(name)}
        if event.get("department"):
            data["department"] = scenario.cast.units[event["department"]]
        if event.get("cooperating"):
            data["cooperating"] = [scenario.cast.units[name] for name in event["cooperating"]]
        if event.get("target"):
            data["target"] = self.by_key[event["target"]].number
        if event["do"] == "plan":
            unit = issue.responsible_department
            data["responsible_person"] = scenario.cast.person(unit, Role.RESPONSIBLE, Role.LIAISON)
            data["reductions"] = [tuple(one) if one else ("", None, None) for one in event.get("reductions", ())]
        if event.get("photo"):
            data |= {"files": scenario.files(event), "evidence_kind": EvidenceKind.AFTER}
        return data
