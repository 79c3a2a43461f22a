"""Which walks wait for a person. Each count equals the list it opens (``assigned_to``)."""

from django.db.models import F, Q, QuerySet

from accounts.enums import Role
from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.receivers import received_by
from core.grouping import first_of_each
from walks.domain.queries import walks_visible_to
from walks.domain.shown import ON_FIRST_PAGE, TRACED, ShownWalks
from walks.domain.transitions import TABLE
from walks.models import Walk

BEGIN, CONTINUE, SIGN, REPORT, RECEIVE = "begin", "continue", "sign", "report", "receive"
NOWHERE = Q(pk__in=[])


def tasks_for(user: User) -> dict[str, Q]:
    """{what is to be done: which walks}, by the person's parts; the states are those of the table. Who is expected to
    act may be fewer than who may: a liaison reports, though the principal may too.

    - begin: covert walks the person has planned
    - continue: open walks that the person walks or opened; for a liaison every open one of the unit
    - sign: recorded walks of the unit the person is principal of
    - report: signed walks of the unit the person is liaison of
    - receive: reported walks for the receiving lead; for the office those whose lead is the walking unit itself,
      and those it receives directly
    """
    scope = scope_of(user)
    if scope.user_id is None:
        return dict.fromkeys((BEGIN, CONTINUE, SIGN, REPORT, RECEIVE), NOWHERE)
    liaison_of = {unit for role, unit in scope.roles if role == Role.LIAISON}
    principal_of = {unit for role, unit in scope.roles if role == Role.PRINCIPAL}
    mine = Q(walker_id=scope.user_id) | Q(created_by_id=scope.user_id) | Q(department_id__in=liaison_of)
    return {
        BEGIN: Q(state__in=TABLE.sources_of("begin"), walker_id=scope.user_id),
        CONTINUE: Q(state__in=TABLE.sources_of("edit")) & mine,
        SIGN: Q(state__in=TABLE.sources_of("sign"), department_id__in=principal_of),
        REPORT: Q(state__in=TABLE.sources_of("report"), department_id__in=liaison_of),
        RECEIVE: Q(state__in=TABLE.sources_of("accept")) & received_by(scope),
    }


def assigned_to(user: User) -> QuerySet[Walk]:
    """Every walk that waits for this person, whatever is to be done."""
    condition = NOWHERE
    for part in tasks_for(user).values():
        condition |= part
    return walks_visible_to(user).filter(condition)


NAMES = ("item_name", "walker_name", "department_name")
ROW = (*TRACED, "state", "mode", "is_waiting", "conforms", "walk_date", *NAMES)


def waiting_walks(user: User, *, per_group: int = 3) -> dict[str, dict]:
    """{what is to be done: {"total", "rows"}} for the first page, the newest ``per_group`` of each; one query."""
    newest = [F("started_at").desc(), F("id").asc()]
    rows = ShownWalks.over(assigned_to(user), user, where=ON_FIRST_PAGE)
    return first_of_each(rows, tasks_for(user), order_by=newest, fields=ROW, per_group=per_group)
