"""Units that are merged and split: what tests of it begin with."""

from accounts.domain.role_requests import decide
from accounts.enums import UnitChangeKind
from accounts.models import Department, RoleRequest, UnitChange, User
from home.domain.unit_changes import Asked, carry_out, preview_of
from tests.cast import NOON

TODAY, DOCUMENT, NEW = NOON.date(), "县委编办〔2022〕12号", "县民政和养老服务局"
MERGED, SPLIT = UnitChangeKind.MERGED, UnitChangeKind.SPLIT


def fresh(user) -> User:
    """The person, without the scope that was read before."""
    return User.objects.get(pk=user.pk)


def asked(*units, kind=MERGED, into=(NEW,), on=TODAY, document=DOCUMENT) -> Asked:
    return Asked(kind, tuple(Department.objects.get(pk=unit.pk) for unit in units), tuple(into), on, document)


def change(cast, what: Asked, *, items=None, people=None, **given) -> UnitChange:
    """Carried out by 系统管理员 from the preview of the moment; ``given``: what is otherwise."""
    seen = given.pop("seen", None) or preview_of(what, cast.sysadmin, today=TODAY).token
    given = {"actor": cast.sysadmin, "seen": seen, "now": NOON} | given
    return carry_out(asked=what, by_item=items or {}, by_person=people or {}, **given)


def grant_all(cast) -> None:
    """安全管理员 grants every role that is asked for."""
    ids = list(RoleRequest.objects.filter(decision="waiting").values_list("pk", flat=True))
    decide(ids=ids, decision="granted", reason=DOCUMENT, actor=cast.secadmin)
