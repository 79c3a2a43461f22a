"""A month's 12345 figures, and the 跟单处理单位 they give for the next month (L22 一（二）3, 三（四）).

The only writer of ``HotlineMonth.state`` and of both tables. Figures may be imported again and the cut moved as long as
the list is not issued; from then on neither changes (database trigger). Who sees and keeps them is decided here too.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from accounts.models import Department, User
from accounts.scope import scope_of
from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.receivers import in_force
from campaigns.domain.states import hold_writable
from campaigns.domain.versions import rules_of
from campaigns.enums import ActivityKind, HotlineState
from campaigns.models import Campaign, HotlineMonth, HotlineRow, Receiver, RosterEntry
from core import audit
from core.conflicts import overtaken
from core.content_token import content_token, require_unchanged
from core.exceptions import OWN, IllegalTransition, Refused
from core.periods import Period, parse_period
from core.templatetags.ui import moment
from notifications.domain.notices import Draft, ensure

TOLD = (Role.PRINCIPAL, Role.LIAISON)
FIGURES = ("tickets", "types", "field")


@dataclass(frozen=True)
class TicketFigure:
    """What one unit had in a month, added up over the rows of the file: ``tickets`` 件."""

    department_id: int
    name: str
    tickets: int
    types: str = ""
    field: str = ""


@dataclass(frozen=True)
class Ranked:
    """One line of the ranking: units with equal tickets share a ``rank``. ``bar``: why it cannot be listed, in words;
    empty for a unit that stands on the campaign's roster today and has tickets."""

    rank: int
    department_id: int
    name: str
    tickets: int
    types: str
    field: str
    is_listed: bool
    bar: str

    @property
    def may_serve(self) -> bool:
        return not self.bar


# --- who sees what ---------------------------------------------------------------------------


def keeps_hotline(user: User, campaign: Campaign) -> bool:
    """True for the lead that receives 处投诉 (L22: 县行政审批局) and for the campaign's office: they make the list."""
    scope = scope_of(user)
    if campaign.region_id in scope.act_regions:
        return True
    return bool(scope.leads) and _receivers(scope.leads).filter(campaign=campaign).exists()


def hotline_months_visible_to(user: User) -> QuerySet[HotlineMonth]:
    """Issued lists for everybody who sees the campaign; one not yet issued for those alone who make it."""
    scope = scope_of(user)
    kept = Q(campaign__region_id__in=scope.act_regions)
    kept |= Q(campaign_id__in=_receivers(scope.leads).values("campaign_id"))
    rows = HotlineMonth.objects.filter(campaign__in=campaigns_visible_to(user))
    return rows.filter(Q(state=HotlineState.ISSUED) | kept)


def month_rows(user: User, campaign: Campaign) -> list[dict]:
    """The campaign's months the person sees, the newest first, each with ``units`` (个 with figures), ``tickets`` (件)
    and ``listed`` (个); one query."""
    rows = hotline_months_visible_to(user).filter(campaign=campaign)
    rows = rows.annotate(
        units=Count("rows"), tickets=Sum("rows__tickets"), listed=Count("rows", filter=Q(rows__is_listed=True))
    )
    fields = ("month", "duty_month", "state", "cut", "issued_at", "units", "tickets", "listed")
    return list(rows.order_by("-month").values(*fields))


# --- the ranking and its cut -----------------------------------------------------------------


def ranking(month: HotlineMonth) -> list[Ranked]:
    """All units of the month by tickets, equal ones in roster order under one rank; one query."""
    bound = RosterEntry.objects.filter(
        campaign_id=month.campaign_id, department_id=OuterRef("department_id"), left_on=None
    )
    rows = HotlineRow.objects.filter(month=month).annotate(is_bound=Exists(bound), name=F("department__name"))
    rows = rows.order_by("-tickets", "department__order", "department_id")
    found: list[Ranked] = []
    for row in rows.values(
        "department_id", "name", "tickets", "types", "field", "is_listed", "is_bound", "department__is_active"
    ):
        bar = _bar(is_active=row["department__is_active"], is_bound=row["is_bound"], tickets=row["tickets"])
        is_tied = found and found[-1].tickets == row["tickets"]
        rank = found[-1].rank if is_tied else len(found) + 1
        found.append(
            Ranked(
                rank=rank,
                department_id=row["department_id"],
                name=row["name"],
                tickets=row["tickets"],
                types=row["types"],
                field=row["field"],
                is_listed=row["is_listed"],
                bar=bar,
            )
        )
    return found


def _bar(*, is_active: bool, is_bound: bool, tickets: int) -> str:
    if not is_active:
        return "已撤销"
    return "" if is_bound and tickets else "不在活动名单" if not is_bound else "无工单"


def divide(rows: list[Ranked], cut: int) -> tuple[set[int], set[int]]:
    """(units surely listed, units tied at the cut) when ``cut`` units (个) are wanted; no tie, no second set. Pure."""
    able = [row for row in rows if row.may_serve]
    if cut >= len(able) or able[cut - 1].tickets != able[cut].tickets:
        return {row.department_id for row in able[:cut]}, set()
    edge = able[cut].tickets
    return (
        {row.department_id for row in able if row.tickets > edge},
        {row.department_id for row in able if row.tickets == edge},
    )


def token_of(rows: list[Ranked]) -> str:
    """A short digest of figures and list, so that what is issued is what the person saw."""
    text = ";".join(f"{row.department_id}:{row.tickets}:{int(row.is_listed)}" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def figures_token(campaign: Campaign, month: str) -> str:
    """Of the figures and the list of a month as they stand, so that nobody replaces others than those looked at."""
    rows = HotlineRow.objects.filter(month__campaign=campaign, month__month=month).order_by("department_id")
    return content_token([list(row) for row in rows.values_list("department_id", *FIGURES, "is_listed")])


# --- writing ---------------------------------------------------------------------------------


def check_month(campaign: Campaign, code: str, *, today: date) -> Period:
    """The calendar month of ``code`` (``2022-06``). Refused in words when it is none, lies ahead, serves a month
    outside the campaign, or the campaign has no 处投诉."""
    if ActivityKind.COMPLAINT not in rules_of(campaign.pk)[1].activity_kinds:
        raise Refused("本活动不含“处投诉”，没有跟单处理单位名单。", rule="hotline.kind")
    try:
        period = parse_period(code)
    except ValueError:
        period = None
    if period is None or period.kind != "month":
        raise _bad_month(f"统计月份“{code[:20]}”无法识别：应形如 2022-06。")
    duty = period.next()
    if period.starts_on > today:
        raise _bad_month(f"{period.label}还没有到，没有可导入的工单数。")
    if duty.ends_on < campaign.starts_on or duty.starts_on > campaign.ends_on:
        shown = f"{campaign.starts_on} 至 {campaign.ends_on}"
        raise _bad_month(f"{period.label}的数字用于{duty.label}跟单，不在活动时间内（{shown}）。")
    return period


@transaction.atomic
def save_figures(
    *,
    campaign: Campaign,
    month: str,
    figures: list[TicketFigure],
    file_name: str,
    actor: User | None,
    seen: str | None = None,
    now: datetime | None = None,
) -> dict[str, int]:
    """Make these the figures of the month; {"created", "updated", "unchanged"} in units (个).

    A unit the new figures no longer name goes, counted as updated. The same figures again change nothing. Side effects
    in order when something changed: the month's row, with whose unit brought them; its figures; a cut chosen before
    falls; an audit entry. Raises Refused as ``check_month``, IllegalTransition when the list is issued, StaleVersion
    when figures or list are no longer those of ``seen`` (``figures_token``).
    """
    now = now or timezone.now()
    hold_writable(campaign.pk)
    period = check_month(campaign, month, today=timezone.localtime(now).date())
    found, _ = HotlineMonth.objects.get_or_create(
        campaign=campaign, month=period.code, defaults={"duty_month": period.next().code}
    )
    row = _locked(found)
    have = {one.department_id: one for one in row.rows.all()}
    fresh, moved, gone = _changes(have, figures)
    if fresh or moved or gone:
        require_draft(row)
        if seen is not None and seen != figures_token(campaign, period.code):
            raise overtaken("本月的工单数", *_last_change(row), rule="stale")
        _replace(row, have, fresh, moved, gone)
        row.file_name, row.changed_by, row.changed_at, row.cut = file_name[:200], actor, now, None
        row.made_by = _maker(campaign, actor)
        row.save(update_fields=["file_name", "changed_by", "changed_at", "cut", "made_by"])
        detail = {"month": row.month, "file": file_name, "rows": len(figures), "removed": len(gone)}
        _note(row, actor, "hotline.imported", detail)
    counts = {"created": len(fresh), "updated": len(moved) + len(gone)}
    return counts | {"unchanged": len(figures) - len(fresh) - len(moved)}


def is_issued(campaign: Campaign, month: str) -> bool:
    """True when the list drawn from that month's figures is issued."""
    return HotlineMonth.objects.filter(campaign=campaign, month=month, state=HotlineState.ISSUED).exists()


def require_unissued(campaign: Campaign, month: str, figures: list[TicketFigure]) -> None:
    """Before anything is saved: Refused in words when the month's list is issued and these are other figures."""
    row = HotlineMonth.objects.filter(campaign=campaign, month=month, state=HotlineState.ISSUED).first()
    if row and any(_changes({one.department_id: one for one in row.rows.all()}, figures)):
        raise Refused(_issued(row).message, rule="hotline.issued")


@transaction.atomic
def choose(*, month: HotlineMonth, cut: int, tied: set[int] | None, actor: User, seen: str | None = None) -> int:
    """List the first ``cut`` units (个) of the ranking; returns how many are listed.

    ``tied``: which of those tied at the cut are listed, None for all of them. Raises IllegalTransition when the list is
    issued, Refused when there are fewer units, or fewer ticked ones than places. ``seen``: ``token_of`` the ranking on
    a person's page; StaleVersion when figures or list have changed since.
    """
    row = _locked(month)
    require_draft(row)
    rows = ranking(row)
    if seen is not None:
        require_unchanged(what="工单数或名单", seen=seen, now=token_of(rows), saved=_last_change(row))
    able = sum(one.may_serve for one in rows)
    if not 1 <= cut <= able:
        words = f"应为 1 至 {able} 之间的整数" if able else "没有可列入的单位：须在活动名单内且有工单"
        raise Refused(f"列入单位数{words}。", fields={"cut": f"{words}。"})
    surely, at_cut = divide(rows, cut)
    ticked = at_cut if tied is None else tied & at_cut
    if len(ticked) < cut - len(surely):
        words = f"并列的 {len(at_cut)} 个单位中请至少勾选 {cut - len(surely)} 个。"
        raise Refused(words, fields={"tied": words})
    listed = surely | ticked
    row.rows.filter(department_id__in=listed).update(is_listed=True)
    row.rows.exclude(department_id__in=listed).update(is_listed=False)
    HotlineMonth.objects.filter(pk=row.pk, state=HotlineState.DRAFT).update(
        cut=cut, changed_by=actor, changed_at=timezone.now()
    )
    return len(listed)


@transaction.atomic
def issue(*, month: HotlineMonth, seen: str, actor: User, now: datetime | None = None) -> int:
    """印发 the list: it freezes; returns how many notices are new (条).

    Side effects in order: state, with whose unit it is; a notice to principals and liaisons of the listed units; an
    audit entry. Raises StaleVersion when figures or list are no longer those of ``seen`` (``token_of``),
    IllegalTransition when it is issued already, nothing is listed, or a listed unit has left the roster.
    """
    now = now or timezone.now()
    row = _locked(month)
    require_draft(row)
    rows = ranking(row)
    listed = [one for one in rows if one.is_listed]
    if not listed:
        raise IllegalTransition("名单还没有确定，未印发。请先确定列入单位数。", rule="hotline.cut")
    left = [f"{one.name}{one.bar}" for one in listed if one.bar]
    if left:
        raise IllegalTransition(f"{'、'.join(left)}，未印发。请重新确定名单。", rule="hotline.roster")
    if token_of(rows) != seen:
        raise overtaken("工单数或名单", *_last_change(row), rule="stale")
    changed = HotlineMonth.objects.filter(pk=row.pk, state=HotlineState.DRAFT).update(
        state=HotlineState.ISSUED, issued_by=actor, issued_at=now, made_by=_maker(row.campaign, actor)
    )
    if not changed:
        raise _issued(row)
    new = _tell(row, listed, actor, now)
    _note(row, actor, "hotline.issued", {"month": row.month, "units": [one.name for one in listed]})
    return new


def _changes(
    have: dict[int, HotlineRow], figures: list[TicketFigure]
) -> tuple[list[TicketFigure], list[TicketFigure], set[int]]:
    """(figures of units new to the month, figures that are others, ids of units no longer named)."""
    fresh = [one for one in figures if one.department_id not in have]
    moved = [one for one in figures if one.department_id in have and _differs(have[one.department_id], one)]
    return fresh, moved, set(have) - {one.department_id for one in figures}


def _maker(campaign: Campaign, actor: User | None) -> Department:
    """The unit for which the person keeps the list: the lead that receives 处投诉, else the office."""
    leads = scope_of(actor).leads if actor else ()
    received = _receivers(leads).filter(campaign=campaign).select_related("department").order_by("order", "id").first()
    return received.department if received else campaign.office


def _replace(
    row: HotlineMonth, have: dict[int, HotlineRow], fresh: list[TicketFigure], moved: list[TicketFigure], gone: set[int]
) -> None:
    row.rows.filter(department_id__in=gone).delete()
    HotlineRow.objects.bulk_create(
        [HotlineRow(month=row, department_id=one.department_id, **_values(one)) for one in fresh]
    )
    for one in moved:
        for name, value in _values(one).items():
            setattr(have[one.department_id], name, value)
    HotlineRow.objects.bulk_update([have[one.department_id] for one in moved], FIGURES)
    row.rows.filter(is_listed=True).update(is_listed=False)


def _values(figure: TicketFigure) -> dict:
    return {"tickets": figure.tickets, "types": figure.types, "field": figure.field}


def _differs(row: HotlineRow, figure: TicketFigure) -> bool:
    return any(getattr(row, name) != value for name, value in _values(figure).items())


def _tell(row: HotlineMonth, listed: list[Ranked], actor: User, now: datetime) -> int:
    people = rights_with_role(department_ids=[one.department_id for one in listed], roles=TOLD)
    duty = parse_period(row.duty_month).label
    link = reverse("hotline_month", args=[row.campaign.code, row.month])
    return ensure(
        [
            Draft(
                recipient_id=user_id,
                kind="hotline.listed",
                key=f"hotline:{row.pk}:listed:{one.department_id}",
                text=f"{one.name}列入{duty}跟单处理单位（工单 {one.tickets} 件，第 {one.rank} 名），请开展处投诉。",
                right=right,
                link=link,
            )
            for one in listed
            for user_id, right in people.get(one.department_id, {}).items()
            if user_id != actor.pk
        ],
        now=now,
    )


def _receivers(leads: Collection[int]) -> QuerySet[Receiver]:
    rows = Receiver.objects.filter(in_force(timezone.localdate()), activity_kind=ActivityKind.COMPLAINT)
    return rows.filter(department_id__in=leads)


def _locked(month: HotlineMonth) -> HotlineMonth:
    rows = HotlineMonth.objects.select_for_update(of=("self",))
    return rows.select_related("campaign", "issued_by", "changed_by").get(pk=month.pk)


def _last_change(row: HotlineMonth) -> tuple[User | None, datetime]:
    """Who brought the figures or chose the list last (None is the command), and when."""
    if row.changed_at is None:
        raise ValueError(f"no figures of {row.month} were ever saved")
    return row.changed_by, row.changed_at


def require_draft(row: HotlineMonth) -> None:
    """Raise IllegalTransition in words when the list is issued: it never changes again."""
    if row.state != HotlineState.DRAFT:
        raise _issued(row)


def _issued(row: HotlineMonth) -> IllegalTransition:
    list_of, who = f"{parse_period(row.duty_month).label}跟单名单", row.issued_by

    def said(name: object) -> str:
        return (
            f"{list_of}已由{name or '系统'}于 {moment(row.issued_at)} 印发，数字和名单不能再改，本次没有改动。"
            "统计月份选错的请改选月份；确需更正的，请另行发文说明。"
        )

    return IllegalTransition(said(who), rule="hotline.issued", by=who, own=said(OWN))


def _bad_month(words: str) -> Refused:
    return Refused(words, rule="hotline.month", fields={"month": words})


def _note(row: HotlineMonth, actor: User | None, action: str, detail: dict) -> None:
    audit.record(actor=actor, action=action, object_type="campaign", object_key=row.campaign.code, detail=detail)
