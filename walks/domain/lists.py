"""The list of walks: what a person sees, narrowed by what the address asks for."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.scope import departments_visible_to, scope_of
from campaigns.enums import WalkMode
from core.searching import holds, searched
from core.text import normalize_text
from walks.domain.inbox import ROW, assigned_to
from walks.domain.queries import walks_visible_to
from walks.domain.shown import IN_LIST, ShownWalks
from walks.enums import WalkState
from walks.models import Walk

ORDER_FIELDS = ("started_at", "id")
PER_PAGE = 20


def walks_matching(
    user: User,
    *,
    text: str = "",
    department_id: int | None = None,
    mode: str = "",
    since: date | None = None,
    until: date | None = None,
    only_mine: bool = False,
    where: str = IN_LIST,
    per_page: int = PER_PAGE,
) -> ShownWalks:
    """Walks the person sees, to be shown in the list, or ``where`` else; ``text`` looks in item (pinyin initials too),
    unit and walker, days are inclusive.
    """
    rows = assigned_to(user) if only_mine else walks_visible_to(user)
    if text:
        # By the names a walk shows, and by those of today.
        text = searched(text)
        unit = holds("department_name", text) | holds("department__name", text)
        item = holds("item_name", text) | holds("item__search_text", normalize_text(text))
        rows = rows.filter(unit | item | holds("walker_name", text))
    if department_id:
        rows = rows.filter(department_id=department_id)
    if mode:
        rows = rows.filter(mode=mode)
    if since:
        rows = rows.filter(walk_date__gte=since)
    rows = rows.filter(walk_date__lte=until) if until else rows
    return ShownWalks.over(rows, user, where=where, per_page=per_page)


def counts_by_states(walks: QuerySet, groups: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """{group: walks in one of its states, all for an empty group} in one query."""
    return walks.order_by().aggregate(
        **{name: Count("pk", filter=Q(state__in=states) if states else None) for name, states in groups.items()}
    )


def in_states(walks: QuerySet, states: tuple[str, ...]) -> QuerySet:
    """The walks of one group of ``counts_by_states``."""
    return walks.filter(state__in=states) if states else walks


def to_take_along(walks: ShownWalks) -> ShownWalks:
    """Those of them that may stand in a file: none that is still covert, whoever asks, because a file is passed on."""
    return walks.exclude(walks.hidden_condition())


def walk_rows(walks: QuerySet) -> list[dict]:
    """The rows of a page, ids as text, codes with their labels."""
    return [
        {
            **row,
            "id": str(row["id"]),
            "mode_label": WalkMode(row["mode"]).label,
            "state_label": WalkState(row["state"]).label,
        }
        for row in walks.values("started_at", *ROW)
    ]


def walking_units(user: User) -> list[tuple[int, str]]:
    """(id, name) of the units whose walks the person may come across, in roster order; an abolished one stays as long
    as it has reported walks."""
    scope = scope_of(user)
    rows = departments_visible_to(user)
    if not (scope.leads or scope.read_regions):
        rows = rows.filter(pk__in=scope.units)
    has_records = Exists(Walk.objects.filter(department=OuterRef("pk"), reported_at__isnull=False))
    rows = rows.filter(Q(is_active=True) | has_records)
    return list(rows.order_by("region_id", "order", "id").values_list("pk", "name"))
