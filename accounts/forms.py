from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm


class SignInForm(AuthenticationForm):
    """One message for a wrong name and a wrong password, so that names cannot be guessed."""

    error_messages = {
        "invalid_login": "用户名或密码不正确。连续输错 5 次将锁定 10 分钟。",
        "inactive": "用户名或密码不正确。连续输错 5 次将锁定 10 分钟。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["password"].label = "密码"


class ChangePasswordForm(PasswordChangeForm):
    """The old password, the new one twice; the rules are settings.AUTH_PASSWORD_VALIDATORS."""
