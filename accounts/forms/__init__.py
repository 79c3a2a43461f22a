"""Forms about people, units and the audit; ``PasswordAgainMixin`` is what other apps build on."""

from accounts.forms.base import PasswordAgainMixin

__all__ = ["PasswordAgainMixin"]
