"""How a campaign comes about: drafted from a template, edited, issued, amended. ``states`` writes its state."""

import re
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.domain.regions import find_or_create_region
from accounts.models import Department, Region, User
from campaigns.domain.deadlines import refresh
from campaigns.domain.duty_facts import roster_of
from campaigns.domain.receivers import find_receivers, routes_of, token_of_receivers
from campaigns.domain.roster import enrol, office_of, token_of_roster
from campaigns.domain.rulebook.consistency import Problem, problems
from campaigns.domain.rulebook.duties import kinds_for
from campaigns.domain.rulebook.rulebook import Rulebook, changed, load_template
from campaigns.domain.states import ISSUED, move, require_before_end
from campaigns.domain.transitions import TABLE
from campaigns.enums import CampaignState
from campaigns.models import Campaign, Receiver, RuleVersion
from core import audit
from core.calendar import work_calendar
from core.conflicts import wrong_state
from core.content_token import content_token, require_unchanged
from core.exceptions import IllegalTransition, Refused
from core.periods import OUT_OF_RANGE, in_range
from core.templatetags.ui import moment
from core.transitions import Transition

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
# /campaigns/new/ is the page on which a campaign is drafted.
TAKEN_BY_PAGES = {"new", "regions", "setup"}
NAME_LIMIT = 120
DISCARDED = "campaign.amendment_discarded"
# What ends a draft of rules, and what the rules are said to be then.
ENDED = ((ISSUED, "已印发"), (DISCARDED, "已放弃调整"))
EDIT = "直接修改"
# What of a campaign's head stays open after it is issued.
DOCUMENT = ("document_number", "document_dated_on", "letterhead", "publisher_id")


@transaction.atomic
def create_campaign(
    *,
    template: str,
    code: str,
    name: str,
    region_name: str,
    start: date,
    end: date,
    region: Region | None = None,
    actor: User | None = None,
    is_demo: bool = False,
) -> tuple[Campaign, bool]:
    """Draft and issue a campaign at once; (campaign, False) when one with this code stands already.

    Side effects: the region and a coordinating office when missing, then those of ``draft`` and ``issue``. Units may be
    imported later and join the roster then.
    """
    existing = Campaign.objects.filter(code=code).first()
    if existing:
        load_or_refuse(template)
        return existing, False
    rules = load_or_refuse(template)
    require_head(code=code, name=name, start=start, end=end)
    region = region or find_or_create_region(region_name)
    campaign = draft(
        template=template,
        code=code,
        name=name,
        office=office_of(region, rules),
        start=start,
        end=end,
        actor=actor,
        is_demo=is_demo,
    )
    issue(campaign=campaign, actor=actor, needs_units=False)
    return campaign, True


@transaction.atomic
def draft(
    *,
    template: str,
    code: str,
    name: str,
    office: Department,
    start: date,
    end: date,
    actor: User | None,
    document_number: str = "",
    document_dated_on: date | None = None,
    is_demo: bool = False,
) -> Campaign:
    """A campaign to be edited, run by ``office`` in its region, under the rules of a notice fitted to the dates.

    Side effects in order: the campaign; rule version 1, a draft; receivers found by name (the office where no unit
    fits); the roster (every active unit of the region but offices); an audit entry. Raises Refused in words for a bad
    template, code, name or dates, or a code that is taken.
    """
    rules = load_or_refuse(template)
    campaign = begin_draft(
        rules=rules,
        start=start,
        end=end,
        template=template,
        code=code,
        name=name,
        office=office,
        actor=actor,
        document_number=document_number,
        document_dated_on=document_dated_on,
        is_demo=is_demo,
    )
    Receiver.objects.bulk_create(find_receivers(campaign=campaign, rules=rules))
    enrol(campaign=campaign, rules=rules)
    _note(campaign, actor, "campaign.drafted", {"template": rules.title})
    return campaign


def begin_draft(
    *,
    rules: Rulebook,
    code: str,
    name: str,
    office: Department,
    start: date,
    end: date,
    actor: User | None,
    **facts: object,
) -> Campaign:
    """A campaign without units and receivers, under the rules fitted to its days; ``facts``: further fields of it.
    Raises Refused in words for a bad code, name or days, or a code that is taken."""
    require_head(code=code, name=name, start=start, end=end)
    if Campaign.objects.filter(code=code).exists():
        raise Refused(f"活动代码 {code} 已被使用，请换一个。", fields={"code": "该代码已被使用，请换一个"})
    campaign = Campaign.objects.create(
        code=code, name=name, region=office.region, office=office, state=CampaignState.DRAFT,
        starts_on=start, ends_on=end, created_by=actor, **facts,
    )  # fmt: skip
    data = rules.fitted(start, end).as_data()
    RuleVersion.objects.create(campaign=campaign, number=1, data=data, effective_on=start, created_by=actor)
    return campaign


@transaction.atomic
def edit_rules(*, campaign: Campaign, group: str, values: dict, actor: User, seen: str) -> Rulebook:
    """Replace one group's fields in the version being drafted; raises IllegalTransition when none is.

    A rule that is changed loses its citation: the notice no longer says so. Contradictions do not stop saving; they
    stop issuing (``faults``). ``seen``: the ``token_of`` the group when the form was opened; Refused without it,
    StaleVersion when somebody else has saved the group since.
    """
    version = _draft_version(campaign)
    rules = Rulebook.from_data(version.data)
    require_unchanged(what="这一组规则", seen=seen, now=token_of(rules, group))
    rules = changed(rules, group, values)
    if campaign.issued_at:
        _require_same_periods(campaign, rules)
    RuleVersion.objects.filter(pk=version.pk).update(data=rules.as_data())
    return rules


def stored_head(campaign: Campaign) -> dict:
    """What the page of name, dates and paper shows, by field of the form."""
    document = {name: getattr(campaign, name) for name in DOCUMENT}
    return document | {"name": campaign.name, "start": campaign.starts_on, "end": campaign.ends_on}


@transaction.atomic
def save_head(*, campaign: Campaign, actor: User, seen: str, values: dict) -> Rulebook | None:
    """What that page changes (``values``: by name of ``stored_head``): the paper, and of a draft name and dates too.

    Returns the rules as ``edit_head``; None where dates are not given. ``seen``: the token of ``stored_head`` when the
    page was opened; Refused without it, StaleVersion when somebody else has saved since. Raises as ``edit_head`` too.
    """
    now = Campaign.objects.select_for_update().get(pk=campaign.pk)
    require_unchanged(what="名称、日期、发文字号或红头", seen=seen, now=content_token(stored_head(now)))
    set_document(campaign=campaign, values={name: values[name] for name in DOCUMENT if name in values}, actor=actor)
    if "start" not in values:
        return None
    return edit_head(campaign=campaign, name=values["name"], start=values["start"], end=values["end"])


@transaction.atomic
def edit_head(*, campaign: Campaign, name: str, start: date, end: date) -> Rulebook:
    """Name and dates of a draft; fixed dates of the rules that fall outside move with them. Returns the rules."""
    if campaign.state != CampaignState.DRAFT:
        raise no_draft(campaign)
    require_head(code=campaign.code, name=name, start=start, end=end)
    version = _draft_version(campaign)
    rules = Rulebook.from_data(version.data).fitted(start, end)
    RuleVersion.objects.filter(pk=version.pk).update(data=rules.as_data(), effective_on=start)
    campaign.name, campaign.starts_on, campaign.ends_on = name, start, end
    campaign.save(update_fields=["name", "starts_on", "ends_on"])
    return rules


@transaction.atomic
def set_document(*, campaign: Campaign, values: dict, actor: User) -> bool:
    """发文字号, 成文日期, the red head of papers and who publishes (``values``: by name of ``DOCUMENT``), of a draft
    or of an issued campaign: the paper is often numbered later. True when one changed. Side effects: the campaign; an
    audit entry once it is issued."""
    if all(getattr(campaign, name) == value for name, value in values.items()):
        return False
    require_before_end(Campaign.objects.get(pk=campaign.pk))
    detail = {"from": _document(campaign)}
    for name, value in values.items():
        setattr(campaign, name, value)
    campaign.save(update_fields=list(values))
    if campaign.issued_at:
        _note(campaign, actor, "campaign.document_set", detail | {"to": _document(campaign)})
    return True


def faults(campaign: Campaign) -> list[Problem]:
    """What contradicts itself in the version being drafted, or in the one in force; empty when it may be issued."""
    version = campaign.rule_versions.latest("number")
    rules = Rulebook.from_data(version.data)
    rows = [row for path in routes_of(campaign, rules).values() for row in path]
    receiving = [unit for row in rows for unit in (row.department, row.then) if unit]
    units = [unit for unit in roster_of(campaign) if unit.left_on is None and unit.is_active]
    return problems(
        rules,
        received_kinds={row.activity_kind for row in rows},
        units=len(units),
        taking_part=sum(bool(kinds_for(rules, unit.lists)) for unit in units),
        abolished=[unit.name for unit in receiving if not unit.is_active],
        calendar=work_calendar(),
    )


@transaction.atomic
def issue(
    *,
    campaign: Campaign,
    actor: User | None,
    now: datetime | None = None,
    needs_units: bool = True,
    seen: str | None = None,
) -> None:
    """印发: the drafted rules freeze and hold; raises Refused naming every contradiction, an empty roster among them.

    Side effects in order: the version's moment of issue (a trigger guards it from then on), an amendment's first day
    moved to today when it has passed meanwhile; the campaign's state (已印发 until its first day, then 实施中); the due
    dates of the coming year; an audit entry. ``seen``: ``token_of_setup`` when a person opened the page, StaleVersion
    when anything of it has changed since.
    """
    now = now or timezone.now()
    if seen is not None:
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        require_unchanged(what="活动的设置", seen=seen, now=token_of_setup(campaign))
    today = timezone.localtime(now).date()
    found = [one for one in faults(campaign) if needs_units or one.group != "roster"]
    if found:
        raise Refused(
            f"规则有 {len(found)} 处矛盾，未印发：{'；'.join(one.message for one in found)}。", rule="rules.faults"
        )
    version = _draft_version(campaign, "印发")
    since = version.effective_on
    if version.number > 1:
        since = max(since, today)
        _require_in_time(campaign, since)
    RuleVersion.objects.filter(pk=version.pk).update(issued_at=now, effective_on=since)
    if campaign.state == CampaignState.DRAFT:
        move(campaign, TABLE.by_action["issue"], issued_at=now)
        if campaign.starts_on <= today:
            move(campaign, TABLE.by_action["begin"])
    refresh(campaign=campaign, today=today, amended=version.number > 1)
    detail = {"template": version.data["title"], "version": version.number}
    _note(campaign, actor, ISSUED, detail)


@transaction.atomic
def amend(*, campaign: Campaign, effective_on: date, reason: str, actor: User, today: date) -> RuleVersion:
    """调整: a new version to be edited, a copy of the one in force; issuing it makes it hold from ``effective_on``.

    Records made before keep their version. Raises Refused without a reason, for a day that has passed or one after the
    campaign's last, and IllegalTransition when a version is already being drafted or the campaign has ended.
    """
    if campaign.state not in TABLE.sources_of("amend"):
        raise no_draft(campaign)
    if not reason.strip():
        raise Refused("请写明调整规则的原因。", fields={"reason": "请写明原因"})
    if effective_on < today:
        raise Refused("生效日期不能早于今天：已经办理的按原规则。", fields={"effective_on": "请选择今天或以后的日期"})
    _require_in_time(campaign, effective_on)
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    last = campaign.rule_versions.latest("number")
    if last.issued_at is None:
        begun = f"{last.created_by or '系统'}于 {moment(last.created_at)} 起草的"
        raise IllegalTransition(f"已有{begun}一版规则正在调整，请先印发或放弃它。", rule="rules.draft")
    version = RuleVersion.objects.create(
        campaign=campaign,
        number=last.number + 1,
        data=last.data,
        effective_on=effective_on,
        reason=reason.strip(),
        created_by=actor,
    )
    _note(campaign, actor, "campaign.amending", {"version": version.number, "reason": reason.strip()})
    return version


@transaction.atomic
def discard(*, campaign: Campaign, actor: User, seen: str | None = None) -> None:
    """Give up the version being drafted of an issued campaign; what holds goes on holding. StaleVersion where the draft
    is no longer that of ``seen`` (``token_of_draft``): what somebody else has written since would go with it."""
    version = _draft_version(campaign, "放弃")
    if seen is not None:
        require_unchanged(what="这次调整", seen=seen, now=token_of_draft(version), act="放弃")
    if version.number == 1:
        raise IllegalTransition("活动尚未印发，没有可以放弃的调整。", rule="rules.draft")
    version.delete()
    _note(campaign, actor, DISCARDED, {"version": version.number})


def token_of_draft(version: RuleVersion) -> str:
    """Of everything in a version of the rules."""
    return content_token([version.number, version.data])


def _require_same_periods(campaign: Campaign, rules: Rulebook) -> None:
    """What was walked and handed in stays in the periods it was counted in: an amendment cuts none anew."""
    held = Rulebook.from_data(campaign.rule_versions.filter(issued_at__isnull=False).latest("number").data)
    cut = [(one.cadence.rhythm, one.reporting.rhythm, one.reporting.cutoff_day) for one in (held, rules)]
    if cut[0] != cut[1]:
        words = "体验频次的周期、报送周期和每月截止日在印发后不能调整：已登记的体验按原来的期间统计。其他规则可以调整；"
        raise Refused(f"{words}确需重新划分期间的，请另建新活动。", rule="rules.periods")


def token_of(rules: Rulebook, group: str) -> str:
    """A short mark of one group's content, by which a form knows whether somebody else changed it meanwhile."""
    return content_token({group: rules.as_data()[group]})


def token_of_setup(campaign: Campaign) -> str:
    """Of everything that freezes when the campaign is issued: head, rules, units, receivers; four queries."""
    rules = RuleVersion.objects.filter(campaign=campaign).latest("number").data
    head = stored_head(Campaign.objects.get(pk=campaign.pk))
    return content_token([head, rules, token_of_roster(campaign), token_of_receivers(campaign)])


def load_or_refuse(template: str) -> Rulebook:
    """The rulebook of a template; Refused in words when there is none of that name."""
    try:
        return load_template(template)
    except ValueError as error:
        raise Refused(str(error), rule="template", fields={"template": str(error)}) from error


def require_head(*, code: str, name: str, start: date, end: date) -> None:
    """Raise Refused in words, each at its field, when code, name or dates will not do."""
    wrong = {}
    if not CODE.fullmatch(code) or code.lower() in TAKEN_BY_PAGES:
        wrong["code"] = f"活动代码“{code[:30]}”不可用：请用 1 至 20 个字母、数字或连字符，如 QH2022。"
    if not 0 < len(name) <= NAME_LIMIT:
        wrong["name"] = f"活动名称应为 1 至 {NAME_LIMIT} 个字。"
    wrong |= {field: OUT_OF_RANGE for field, day in (("start", start), ("end", end)) if not in_range(day)}
    if end < start:
        wrong["end"] = f"结束日期 {end} 早于开始日期 {start}，活动未创建。"
    if wrong:
        raise Refused("".join(wrong.values()), rule=next(iter(wrong)), fields=wrong)


def _require_in_time(campaign: Campaign, effective_on: date) -> None:
    if effective_on > campaign.ends_on:
        words = f"生效日期 {effective_on} 晚于活动结束日期 {campaign.ends_on}，新规则用不上。"
        raise Refused(words, rule="rules.effective", fields={"effective_on": words})


def _document(campaign: Campaign) -> str:
    shown = [campaign.document_number, campaign.document_dated_on, campaign.letterhead]
    publisher = f"由{campaign.publisher}印发" if campaign.publisher else ""
    return "，".join(str(one) for one in [*shown, publisher] if one)


def _draft_version(campaign: Campaign, act: str = EDIT) -> RuleVersion:
    version = campaign.rule_versions.filter(issued_at=None).select_for_update().first()
    if version is None:
        raise no_draft(campaign, act)
    return version


def no_draft(campaign: Campaign, act: str = EDIT) -> IllegalTransition:
    """No version is being drafted, so that ``act`` is not possible: who issued the last one or gave it up, and when."""
    done = {label: audit.last_done(name, object_type="campaign", object_key=campaign.code) for name, label in ENDED}
    state, (who, at) = sorted(done.items(), key=lambda one: (one[1][1] is not None, one[1][1]))[-1]
    row = Transition(act, act, (), None, ())
    return wrong_state("规则", state, row, rule="rules.issued", who=who, at=at, also="；需要修改时请先“调整规则”")


def _note(campaign: Campaign, actor: User | None, action: str, detail: dict) -> None:
    audit.record(actor=actor, action=action, object_type="campaign", object_key=campaign.code, detail=detail)
