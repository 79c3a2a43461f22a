"""首次启动: exists only while nobody is an administrator. The answer shows three one-time passwords, once."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.domain.first_start import VOID, is_open, is_right, set_up
from accounts.domain.passwords import ONE_TIME_LASTS
from accounts.forms.start import FirstStartForm
from core.forms import refusals


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def start(request):
    if not is_open():
        raise Http404
    form = FirstStartForm(request.POST if request.method == "POST" else None)
    # The code is asked last: what else is wrong costs no try, and tells nobody whether the code was right.
    if request.method == "POST" and form.is_valid():
        if not is_right(form.cleaned_data["code"]):
            form.add_error("code", VOID)
        else:
            with refusals(form):
                context = {"made": set_up(wanted=form.wanted), "days": ONE_TIME_LASTS.days}
                return render(request, "accounts/started.html", context)
    return render(request, "accounts/start.html", {"form": form}, status=400 if form.errors else 200)
