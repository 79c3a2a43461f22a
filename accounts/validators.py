import re

from django.core.exceptions import ValidationError


class ThreeOfFourClassesValidator:
    """A password mixes at least three of: lower case, upper case, digits, other signs."""

    message = "密码须包含大写字母、小写字母、数字、符号中的至少三类。"

    def validate(self, password, user=None):
        kinds = sum(bool(re.search(pattern, password)) for pattern in ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]"))
        if kinds < 3:
            raise ValidationError(self.message, code="password_too_plain")

    def get_help_text(self):
        return self.message
