"""The first start of an empty system: a one-time code, and the page it opens.

The page makes the three administrators, the tree of regions and the coordinating office. It exists only while there is
no administrator. The code is shown on the terminal of whoever starts the system, or by ``manage.py first_code``, and is
written to no log: the journal of a service is kept for months and read by others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from accounts.domain.passwords import SIGNS
from accounts.domain.place_tree import PlacePath, make_places
from accounts.domain.three_admins import make_admin
from accounts.enums import AccountKind, DepartmentKind
from accounts.models import Department, StartCode, User
from core import audit
from core.exceptions import Refused

LASTS = timedelta(hours=24)
TRIES = 5
VOID = "口令不正确或已失效，没有办理。请在服务器上执行 manage.py first_code 取得新的口令。"


@dataclass(frozen=True)
class FirstSetup:
    """What the page says. ``admins``: {kind: (user name, name)}; ``places``: the tree, parents first; ``office``: name
    of the coordinating office, in the region named ``office_place``."""

    admins: dict[str, tuple[str, str]]
    places: Sequence[PlacePath]
    office: str
    office_place: str


def is_open() -> bool:
    """Whether the page exists: no administrator has an account. One query."""
    return not User.objects.exclude(kind=AccountKind.STAFF).exists()


@transaction.atomic
def new_code() -> str:
    """A fresh code; the one before is void. Raises Refused once there is an administrator."""
    if not is_open():
        raise Refused("系统已有管理员，不再需要首次启动的口令。", rule="start.closed")
    code = "-".join(get_random_string(5, SIGNS) for _ in range(4))
    StartCode.objects.all().delete()
    StartCode.objects.create(digest=_digest(code), made_at=timezone.now())
    return code


def is_right(code: str) -> bool:
    """Whether this is the code, compared in constant time. A wrong one is counted; after TRIES of them, and after
    LASTS, there is no code any more. Counted in a transaction of its own, so that a refusal takes nothing back."""
    with transaction.atomic():
        row = StartCode.objects.select_for_update().first()
        if row is None or row.tries >= TRIES or row.made_at < timezone.now() - LASTS:
            return False
        if constant_time_compare(row.digest, _digest(code.strip())):
            return True
        StartCode.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
        return False


@transaction.atomic
def set_up(*, wanted: FirstSetup) -> list[tuple[User, str]]:
    """Make what the page says; return the administrators with their one-time passwords.

    Side effects in order: the code is used up; the regions; the coordinating office; the administrators; audit entries.
    Raises Refused when somebody else was first, and for user names that are alike.
    """
    used, _ = StartCode.objects.all().delete()
    if not used or not is_open():
        raise Refused("系统已由他人完成首次启动，没有办理。", rule="start.closed")
    regions = make_places(wanted.places)
    if wanted.office_place not in regions:
        said = "统筹办所在区域不在上面的区域之中"
        raise Refused(f"{said}，没有办理。", fields={"office_place": said})
    Department.objects.create(region=regions[wanted.office_place], name=wanted.office, kind=DepartmentKind.OFFICE)
    made = [make_admin(kind=kind, username=login, name=name) for kind, (login, name) in wanted.admins.items()]
    detail = {"units": wanted.office, "scope": "、".join(regions)}
    audit.record(
        actor=None, action="system.set_up", object_type="region", object_key=wanted.office_place, detail=detail
    )
    return made


def _digest(code: str) -> str:
    return salted_hmac("accounts.first_start", code, algorithm="sha256").hexdigest()
