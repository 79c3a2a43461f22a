"""What the three administrators may open. None of it is business, and business people see none of it."""

from accounts.enums import AccountKind
from accounts.models import User


def may_list_people(user: User) -> bool:
    """系统管理员 makes accounts, 安全管理员 grants roles: both see who there is."""
    return user.is_active and user.kind in (AccountKind.SYSADMIN, AccountKind.SECADMIN)


def may_read_audit(user: User) -> bool:
    """审计员 alone reads the audit."""
    return user.is_active and user.kind == AccountKind.AUDITOR


def may_keep_units(user: User) -> bool:
    """系统管理员 sees which units there are, abolishes one and brings it back."""
    return user.is_active and user.kind == AccountKind.SYSADMIN


def may_keep_calendar(user: User) -> bool:
    """系统管理员 enters the yearly notice and edits single days."""
    return user.is_active and user.kind == AccountKind.SYSADMIN


def may_keep_people(user: User) -> bool:
    """系统管理员 makes accounts from a table; the roles in it wait for 安全管理员."""
    return user.is_active and user.kind == AccountKind.SYSADMIN


def may_watch_system(user: User) -> bool:
    """系统管理员 sees how the installation runs."""
    return user.is_active and user.kind == AccountKind.SYSADMIN


def may_decide_roles(user: User) -> bool:
    """安全管理员 alone grants and refuses roles."""
    return user.is_active and user.kind == AccountKind.SECADMIN


def may_erase(user: User) -> bool:
    """安全管理员 erases what was kept long enough."""
    return user.is_active and user.kind == AccountKind.SECADMIN
