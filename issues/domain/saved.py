"""What people keep of the ledger's list, and who may use it: the one writer of ``SavedView``.

A filter is words: whoever opens it sees the rows of the own scope, whoever saved it.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Department, User
from accounts.scope import scope_of
from core import audit
from core.conflicts import overtaken
from core.exceptions import NotAllowed, Refused
from issues.columns import page_columns
from issues.enums import Audience, SavedKind
from issues.models import SavedView

MOST = {Audience.OWN: 8, Audience.UNIT: 4, Audience.OFFICE: 4}
HOLDERS = {Audience.OWN: "您", Audience.UNIT: "本单位", Audience.OFFICE: "本地区"}


def saved_for(user: User) -> QuerySet[SavedView]:
    """What this person may use: the own, what colleagues of the same unit share, what 统筹办 shares in the region the
    person works in; the oldest first. People without a post have none."""
    scope = scope_of(user)
    shared = Q(audience=Audience.UNIT, department_id__in=scope.workplaces)
    shared |= Q(audience=Audience.OFFICE, department__region_id__in=scope.home_regions, department__is_active=True)
    mine = Q(audience=Audience.OWN, owner_id=scope.user_id)
    rows = SavedView.objects.filter(mine | shared) if scope.posts else SavedView.objects.none()
    return rows.select_related("owner", "department").order_by("saved_at", "id")


def saved_list(user: User) -> list[SavedView]:
    """The same as a list: the own first, then the unit's, then 统筹办's; one query."""
    order = list(Audience.values)
    return sorted(saved_for(user), key=lambda view: order.index(view.audience))


def of_kind(saved: Sequence[SavedView], kind: str) -> list[SavedView]:
    """Those of one kind, in their order."""
    return [view for view in saved if view.kind == kind]


def audiences_of(user: User) -> list[tuple[str, int | None]]:
    """(audience, department in whose name) of everybody this person may save for, ``own`` first.

    A unit's own: its principal, deputies and liaisons; of a receiving or coordinating unit who works as such.
    """
    scope = scope_of(user)
    if not scope.posts:
        return []
    offices = sorted(scope.offices - scope.taken_over)
    units = sorted((scope.units | scope.leads | scope.offices) - scope.taken_over)
    shared = [*((Audience.UNIT.value, pk) for pk in units), *((Audience.OFFICE.value, pk) for pk in offices)]
    return [(Audience.OWN.value, None), *shared]


def may_change(view: SavedView, user: User) -> bool:
    """The owner alone what is the own; what is shared everybody who may share it so."""
    if view.audience == Audience.OWN:
        return view.owner_id == user.pk
    return (view.audience, view.department_id) in audiences_of(user)


@transaction.atomic
def save(
    *,
    user: User,
    kind: str,
    name: str,
    audience: str = Audience.OWN,
    department: int | None = None,
    query: str = "",
    words: Sequence[str] = (),
    columns: Sequence[str] = (),
    now: datetime | None = None,
) -> SavedView:
    """Keep a filter (``query``: its address, ``words``: its conditions as the audit tells them) or a set of columns
    under a name; ``department``: in whose name it is shared.

    Side effects in order: the row; an audit entry for what others may use too. Raises NotAllowed (403) for sharing in
    nobody's name, Refused (400) without a name, for one that is taken, without conditions or columns, for one too many.
    """
    audience, name = Audience(audience), name.strip()
    if (audience.value, department) not in audiences_of(user):
        raise NotAllowed("您不能为其他人保存，没有保存。请选择“本人”。", rule="saved.audience")
    _lock(user, department)
    siblings = _siblings(user, kind, audience, department)
    _require_room(siblings, kind, audience)
    _require_name(siblings, name, audience)
    if not (query if kind == SavedKind.FILTER else columns):
        words = "没有任何条件" if kind == SavedKind.FILTER else "没有选择要导出的列"
        raise Refused(f"没有保存：{words}。", rule="saved.empty")
    made = SavedView.objects.create(
        kind=kind, audience=audience, owner=user, department_id=department, name=name, query=query,
        columns=known_columns(columns), saved_at=now or timezone.now(),
    )  # fmt: skip
    _audit(made, user, "saved", words)
    return made


@transaction.atomic
def rename(*, view: SavedView, user: User, name: str, version: int, now: datetime | None = None) -> None:
    """Give it another name. Side effects as ``save``. Raises NotAllowed (403), StaleVersion (409) where somebody has
    changed it since, Refused (400) for a name that is taken or empty."""
    _require_change(view, user)
    _lock(user, view.department_id)
    siblings = _siblings(user, view.kind, view.audience, view.department_id).exclude(pk=view.pk)
    _require_name(siblings, name.strip(), Audience(view.audience))
    changed = SavedView.objects.filter(pk=view.pk, version=version)
    if not changed.update(name=name.strip(), owner=user, version=F("version") + 1, saved_at=now or timezone.now()):
        stored = SavedView.objects.select_related("owner").get(pk=view.pk)
        raise overtaken(f"“{stored.name}”", stored.owner, stored.saved_at, rule="saved.version")
    view.name = name.strip()
    _audit(view, user, "renamed")


@transaction.atomic
def remove(*, view: SavedView, user: User) -> None:
    """Take it away, for everybody who used it; no issue changes. Side effects as ``save``. Raises NotAllowed (403)."""
    _require_change(view, user)
    SavedView.objects.filter(pk=view.pk).delete()
    _audit(view, user, "removed")


@transaction.atomic
def remember_columns(*, user: User, columns: Sequence[str], now: datetime | None = None) -> None:
    """The columns this person's ledger begins with from now on; without any, those it begins with for everybody."""
    wanted, at = known_columns(columns), now or timezone.now()
    if not wanted:
        SavedView.objects.filter(owner=user, kind=SavedKind.SHOWN).delete()
        return
    kept = {"columns": wanted, "saved_at": at}
    SavedView.objects.update_or_create(owner=user, kind=SavedKind.SHOWN, audience=Audience.OWN, defaults=kept)


def known_columns(keys: Sequence[str]) -> list[str]:
    """Those that are columns of the ledger, in the order of the page; those that are always shown among them."""
    named = {key for text in keys for key in text.split(",")}
    found = [column.key for column in page_columns() if column.key in named or column.locked]
    return found if named & set(found) else []


def _lock(user: User, department: int | None) -> None:
    """Whoever saves for the same people at the same moment waits: the limit and the names are counted first."""
    if department is None:
        User.objects.select_for_update().get(pk=user.pk)
    else:
        Department.objects.select_for_update().get(pk=department)


def _siblings(user: User, kind: str, audience: str, department: int | None) -> QuerySet[SavedView]:
    rows = SavedView.objects.filter(kind=kind, audience=audience)
    return rows.filter(owner=user) if department is None else rows.filter(department_id=department)


def _require_room(siblings: QuerySet[SavedView], kind: str, audience: Audience) -> None:
    if siblings.count() >= MOST[audience]:
        words = f"{HOLDERS[audience]}已有 {MOST[audience]} 个{SavedKind(kind).label}，没有保存。请先删除不用的。"
        raise Refused(words, rule="saved.limit")


def _require_name(siblings: QuerySet[SavedView], name: str, audience: Audience) -> None:
    if not name:
        raise Refused("没有保存：请写明名称。", rule="saved.name", fields={"name": "请写明名称。"})
    if siblings.filter(name=name).exists():
        words = f"{HOLDERS[audience]}已有名为“{name}”的，请换一个名称。"
        raise Refused(words, rule="saved.name", fields={"name": words})


def _require_change(view: SavedView, user: User) -> None:
    if not may_change(view, user):
        raise NotAllowed("这一项由他人保存，您可以使用，不能改名或删除。", rule="saved.owner")


def _audit(view: SavedView, user: User, step: str, words: Sequence[str] = ()) -> None:
    """What a person keeps for the own use enters no audit (docs/rules.md 2.11)."""
    if view.audience == Audience.OWN:
        return
    actions = {"saved": "view.saved", "renamed": "view.renamed", "removed": "view.removed"}
    detail = {"name": view.name, "audience": Audience(view.audience).label, "conditions": list(words)}
    audit.record(actor=user, action=actions[step], object_type="view", object_key=str(view.public_id), detail=detail)
