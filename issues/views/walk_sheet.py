"""What the pages of a walk show: one reading for the walk itself, for signing and for the liaison."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import SERVICE_KINDS, CompanionKind, Component
from core.templatetags.ui import cndate
from issues.domain.duplicates import compared_of, likely_same
from issues.domain.lookback.queries import look_backs_of
from issues.domain.queries import drafts_of, found_links, issues_visible_to, needs_of
from issues.enums import IssueState
from plans.domain.validation import mode_label
from walks.domain import components
from walks.domain.queries import done_of, events_of, noted_steps, photo_links, stamped_pages
from walks.domain.requirements import OWN, ComponentStatus, counts_as_callback
from walks.domain.shown import walks_shown_to
from walks.enums import Rating, Stage, WalkEventKind, stages_for
from walks.models import Walk, Withdrawable
from walks.views.steps import NAMED

STAGE_LABELS = dict(Stage.choices)
EVENT_LABELS = dict(WalkEventKind.choices)
PART_NOTES = {
    Component.BUSINESS_CHECK: "随机选取，每项记一条",
    Component.SERVICE_CALLBACK: "上月办理或咨询过的企业群众，接通并作答的才计",
    Component.DISCUSSION: "工作人员和企业群众代表",
}
EVENT_STATES = {"started": "in_progress", "resumed": "in_progress", "reopened": "in_progress"}


def seen_walk(request, pk) -> Walk:
    """The walk with what its pages name, or 404."""
    return get_object_or_404(walks_shown_to(request.user).select_related(*NAMED), pk=pk)


def photo_tiles(files) -> list[dict]:
    """What the file tiles of a page need."""
    return [
        {"url": reverse("file", args=[f.pk]), "thumb": reverse("file_thumb", args=[f.pk]), "caption": f.original_name}
        for f in files
    ]


def step_cards(walk: Walk) -> list[dict]:
    """Everything ever noted in order, with the photos that stand and ``gone``, the links to those withdrawn; two
    queries."""
    steps = list(noted_steps(walk))
    links = photo_links(step.pk for step in steps)
    return [
        {
            "step": step,
            "files": photo_tiles(link.file for link in links.get(step.pk, ()) if link.withdrawn_at is None),
            "gone": [link for link in links.get(step.pk, ()) if link.withdrawn_at],
        }
        for step in steps
    ]


def withdrawn_cards(cards: list[dict], problems: list[dict]) -> list[dict]:
    """Steps and photos taken back, in the order noted; no query."""
    found = []
    for card in cards:
        step = card["step"]
        name = step.place_label
        if step.withdrawn_at:
            words = "，".join(word for word in (step.item and step.item.name, step.person, step.note) if word)
            found.append(_gone(step, name, words, card["files"]))
        found += [_gone(link, f"{name}的照片", "", photo_tiles([link.file])) for link in card["gone"]]
    gone = [(card["problem"], link) for card in problems for link in card["gone"]]
    return found + [_gone(link, "问题的照片", one.description, photo_tiles([link.file])) for one, link in gone]


def _gone(row: Withdrawable, name: str, words: str, files: list[dict]) -> dict:
    told = {"by": row.withdrawn_by, "at": row.withdrawn_at, "reason": row.withdrawn_reason}
    return {"name": name, "words": words, "files": files, **told}


def component_cards(walk: Walk, cards: list[dict]) -> list[dict]:
    """The components the notice asks of this activity, how each stands, and its records among ``cards``; no query."""
    return [
        {
            "name": Component(one.component.code).brief,
            "figure": one.figure,
            "is_met": one.is_met,
            "note": one.short if one.is_over else PART_NOTES.get(one.component.code, ""),
            "add_url": reverse("walk_component_add", args=[walk.pk, one.component.code])
            if _is_noted(walk, one)
            else "",
            "cards": [_record_card(card) for card in cards if card["step"].component == one.component.code],
        }
        for one in components.component_statuses_of(walk, [card["step"] for card in cards])
    ]


def _is_noted(walk: Walk, one: ComponentStatus) -> bool:
    """Whether records of the part are made by hand: not when the walk's own stages are that part."""
    return OWN.get(walk.activity_kind) != one.component.code


def _record_card(card: dict) -> dict:
    """A record with what it holds in words, and why it does not count, if so."""
    step = card["step"]
    is_callback = step.component == Component.SERVICE_CALLBACK
    words = [f"{step.happened_at.astimezone():%Y-%m-%d %H:%M}", step.phone]
    words += [f"{step.served_on:%Y-%m-%d}办理" if step.served_on else ""]
    words += [f"{element}{Rating(rating).label}" for element, rating in step.ratings.items()]
    [done] = done_of([step])
    fails = is_callback and not counts_as_callback(done)
    why = ("不计：不是上月办理" if step.is_valid else "不计：未确认为有效回访") if fails else ""
    return card | {"words": " · ".join(word for word in words if word), "does_not_count": why}


def show_likely(cards: list[dict], user) -> None:
    """Add ``likely`` to the cards of drafts: issues on the ledger that may be the same; one query, none without one."""
    drafts = [card for card in cards if card["problem"].state == IssueState.DRAFT]
    found = likely_same(user, [compared_of(card["problem"]) for card in drafts])
    for card, likely in zip(drafts, found, strict=True):
        card["likely"] = likely


def problem_cards(walk: Walk, user) -> list[dict]:
    """Problems in the order noted, with photos; ``url`` where the person may open the ledger's page. Three queries."""
    problems = list(drafts_of(walk))
    links = found_links(problem.pk for problem in problems)
    open_to_me = set(issues_visible_to(user).filter(walk=walk).values_list("pk", flat=True))
    return [
        {
            "problem": problem,
            "stage": STAGE_LABELS.get(problem.stage, ""),
            "files": photo_tiles(link.file for link in links.get(problem.pk, ()) if link.withdrawn_at is None),
            "gone": [link for link in links.get(problem.pk, ()) if link.withdrawn_at],
            "url": reverse("issue", args=[problem.number]) if problem.pk in open_to_me else "",
        }
        for problem in problems
    ]


def stage_track(walk: Walk, steps: list[dict]) -> list[dict]:
    """The stages of this mode in order, and which of them have a step."""
    walked = {card["step"].stage for card in steps}
    return [{"value": s.value, "label": s.label, "done": s.value in walked} for s in stages_for(walk.mode)]


def history(walk: Walk) -> list[dict]:
    """The walk's events for the timeline, newest first; one query."""
    return [
        {
            "at": event.at,
            "title": EVENT_LABELS.get(event.kind, event.kind),
            "actor": event.actor.label,
            "note": event.note,
            "state": EVENT_STATES.get(event.kind, event.kind),
        }
        for event in reversed(events_of(walk))
    ]


def read_sheet(walk: Walk, user) -> dict:
    """Everything a walk's page shows, read-only, the same number of queries whatever its size."""
    mode = mode_label(Rulebook.from_data(walk.rules.data), walk.mode)
    noted = step_cards(walk)
    cards = [card for card in noted if card["step"].withdrawn_at is None]
    required, problems = component_cards(walk, cards), problem_cards(walk, user)
    steps = [card for card in cards if not card["step"].component]
    return {
        "walk": walk,
        "mode_label": mode,
        "steps": steps,
        "withdrawn": withdrawn_cards(noted, problems),
        "components": required,
        "short": components.shortfall_of(walk, [card["step"] for card in cards]),
        # Riding along or handling complaints walks no service stage by stage: its components are its 环节.
        "with_steps": steps or not required or walk.activity_kind in SERVICE_KINDS,
        "problems": problems,
        "needs": list(needs_of(walk)),
        "look_backs": list(look_backs_of(walk)),
        "stamped": photo_tiles(stamped_pages(walk)),
        "head": f"{mode} · {cndate(walk.walk_date)} · {walk.walker_name}",
        "facts": fact_lines(walk),
    }


def fact_lines(walk: Walk) -> list[tuple[str, object]]:
    """(label, value) of what the liaison completes, promised figures beside the met ones."""
    lines = [
        ("体验单位", walk.department_name),
        ("体验人", _walker(walk)),
        ("地点或渠道", walk.place),
        ("陪同人员", _companions(walk)),
        ("结束日期", walk.ended_on and f"{walk.ended_on:%Y-%m-%d}"),
        ("办理时限", _met(walk.actual_days, walk.promised_days, "个工作日")),
        ("材料", _met(walk.actual_documents, walk.promised_documents, "份")),
        ("跑动次数", _met(walk.actual_trips, walk.promised_trips, "次")),
        ("模拟体验", _simulated(walk)),
        *([("规定环节", _conforms(walk))] if walk.conforms is not None else []),
    ]
    if walk.mode == "on_behalf":
        lines.append(("委托授权", "已取得" if walk.has_authorisation else "尚未取得"))
    return lines


def promised(walk: Walk) -> dict[str, str]:
    """What the guide promises, in words, for the figures the liaison fills in; unpublished ones are left out."""
    figures = {
        "days": (walk.promised_days, "个工作日"),
        "documents": (walk.promised_documents, "份"),
        "trips": (walk.promised_trips, "次"),
    }
    return {name: f"办事指南承诺 {value} {unit}" for name, (value, unit) in figures.items() if value is not None}


def _walker(walk: Walk) -> str:
    reason = f"，委托理由：{walk.get_delegation_reason_display()}" if walk.delegation_reason else ""
    return f"{walk.walker_name}（{walk.get_walker_capacity_display()}{reason}）"


def _met(actual, promised, unit: str) -> str:
    said = "" if actual is None else f"实际 {actual} {unit}"
    promise = "" if promised is None else f"承诺 {promised} {unit}"
    return "，".join(component for component in (said, promise) if component)


def _companions(walk: Walk) -> str:
    counted = [(kind.label, walk.companions.get(kind)) for kind in CompanionKind]
    return "、".join(f"{label} {number} 人" for label, number in counted if number) or "无"


def _conforms(walk: Walk) -> str:
    return "达标" if walk.conforms else f"未达标，不计入应体验次数：{walk.shortfall}"


def _simulated(walk: Walk) -> str:
    if not walk.is_simulated:
        return "否"
    return "是，模拟件已撤回" if walk.simulation_withdrawn else "是，模拟件尚未撤回"
