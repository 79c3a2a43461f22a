"""The three administrators, made and given another password on the server: by ``create_admin`` and by the page of the
first start. Whoever does it has the machine; on pages administrators are granted and never reset."""

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.domain import passwords
from accounts.domain.new_account import require_free
from accounts.domain.people import create_users
from accounts.enums import AccountKind
from accounts.models import User
from core import audit
from core.exceptions import Refused


@transaction.atomic
def make_admin(*, kind: str, username: str, name: str) -> tuple[User, str]:
    """One administrator with a one-time password. Side effects in order: the account; an audit entry. Raises Refused
    for a user name that is taken or has other signs than letters and digits."""
    require_free(username)
    password = passwords.one_time()
    expires = timezone.now() + passwords.ONE_TIME_LASTS
    user = User(username=username, name=name, kind=kind, password=make_password(password), password_expires_at=expires)
    create_users(users=[user], actor=None)
    return user, password


@transaction.atomic
def reset_admin(*, username: str) -> tuple[User, str]:
    """Give an administrator a one-time password, and a disabled one its account back. Side effects in order: the
    account; an audit entry. Raises Refused for a name that none of the three has."""
    user = User.objects.select_for_update().filter(username=username).exclude(kind=AccountKind.STAFF).first()
    if user is None:
        raise Refused(f"没有用户名为“{username}”的系统管理员、安全管理员或审计员。", rule="three_admins")
    password = passwords.store_one_time(user)
    User.objects.filter(pk=user.pk).update(is_active=True)
    detail = {"reason": "服务器上执行 create_admin --reset"}
    audit.record(actor=None, action="user.password_reset", object_type="user", object_key=username, detail=detail)
    return user, password
