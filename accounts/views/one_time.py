"""The page that shows a one-time password, once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.domain.passwords import ONE_TIME_LASTS
from accounts.models import User

SHOWN = "已经办理过，一次性密码只显示一次。没有记下的，请再重置一次。"


def show(request: HttpRequest, person: User, password: str, *, back: str, **context) -> HttpResponse:
    """The answer to a press that made a password. It stands in no address, message, session or cache."""
    context |= {"person": person, "password": password, "back": back, "days": ONE_TIME_LASTS.days}
    return render(request, "accounts/one_time.html", context)
