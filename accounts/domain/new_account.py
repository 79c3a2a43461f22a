"""One account made on a page: 系统管理员 makes it and asks for its roles, 安全管理员 grants them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.domain import passwords, role_requests
from accounts.domain.people import create_users
from accounts.models import Department, RoleRequest, User
from accounts.rules import may_keep_people
from core.exceptions import NotAllowed, Refused
from core.pinyin import syllables

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}")


@dataclass(frozen=True)
class NewAccount:
    """What the form says. ``username`` "" : proposed from the name. ``roles``: asked for in ``department``; that of one
    of the three administrators stands alone, without a unit."""

    name: str
    username: str
    roles: Sequence[str]
    department: Department | None = None
    title: str = ""
    phone: str = ""


def units_in_use() -> QuerySet[Department]:
    """Every unit in use, in fixed order, region by region: for the administrators who keep people."""
    rows = Department.objects.filter(is_active=True).select_related("region")
    return rows.order_by("region_id", "order", "id")


def propose_username(name: str) -> str:
    """A free user name from the reading of the name: 张三 → zhangsan, then zhangsan2. One query."""
    stem = re.sub(r"[^a-z0-9]", "", "".join(syllables(name)).lower())[:30] or "user"
    rows = User.objects.annotate(lowered=Lower("username")).filter(lowered__startswith=stem)
    taken = set(rows.values_list("lowered", flat=True))
    return next(one for one in (stem, *(f"{stem}{n}" for n in range(2, len(taken) + 3))) if one not in taken)


@transaction.atomic
def create_account(*, wanted: NewAccount, actor: User) -> tuple[User, str]:
    """Make the account; return it with its one-time password, which is stored nowhere in the clear.

    Side effects in order: the account; an audit entry; a request for each role. Raises NotAllowed for anybody but
    系统管理员, Refused for a user name that is taken, whatever its case, or has other signs than letters and digits.
    """
    if not may_keep_people(actor):
        raise NotAllowed("账号由系统管理员建立，您没有此项权限。", rule="permission")
    username = wanted.username or propose_username(wanted.name)
    require_free(username)
    password = passwords.one_time()
    user = User(
        username=username,
        name=wanted.name,
        phone=wanted.phone,
        password=make_password(password),
        password_expires_at=timezone.now() + passwords.ONE_TIME_LASTS,
    )
    create_users(users=[user], actor=actor)
    asked = {"department": wanted.department, "title": wanted.title, "requested_by": actor}
    role_requests.ask(requests=[RoleRequest(user=user, role=role, **asked) for role in wanted.roles], actor=actor)
    return user, password


def require_free(username: str) -> None:
    """Raise Refused for a user name that is taken, whatever its case, or has other signs than letters and digits."""
    if not USERNAME.fullmatch(username):
        said = "用户名由 2 至 40 个字母、数字和 . _ - 组成，以字母或数字开头"
        raise Refused("用户名不符合要求，没有建立账号。", fields={"username": said})
    other = User.objects.annotate(lowered=Lower("username")).filter(lowered=username.lower()).first()
    if other:
        said = f"已由“{other.name}”使用，可改为 {propose_username(username)}"
        raise Refused("用户名已有人使用，没有建立账号。", fields={"username": said})
