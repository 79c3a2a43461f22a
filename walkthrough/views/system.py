"""How the installation runs: for 系统管理员 alone."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.rules import may_watch_system
from core import slow_pages
from walkthrough.system import BAD, lines


@require_safe
def system(request):
    if not may_watch_system(request.user):
        raise Http404
    shown = lines(timezone.now())
    wrong = [line.label for line in shown if line.state == BAD]
    context = {"lines": shown, "wrong": wrong, "slow_pages": slow_pages.slowest()}
    return render(request, "walkthrough/system.html", context)
