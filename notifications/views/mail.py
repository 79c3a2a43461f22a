"""Where a person wants mail: entered and removed by that person."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.forms import is_repeat, refusals
from notifications.domain import channels
from notifications.enums import ChannelKind
from notifications.forms import MailAddressForm


@require_http_methods(["GET", "POST"])
def mail_address(request):
    if is_repeat(request):
        return redirect("mail_address")
    stored = channels.address_of(request.user)
    form = MailAddressForm(
        request.POST if request.method == "POST" else None,
        token=channels.token_of_address(stored),
        initial={"address": stored.address if stored else ""},
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            address = form.cleaned_data["address"]
            form.once(request.user, "mail.set", lambda: _save(request, address, form.seen_token))
            messages.success(request, f"已保存，邮件发到 {address}。" if address else "已保存，不再发送邮件。")
            return redirect("notices")
    context = {"form": form, "is_open": ChannelKind.EMAIL in channels.open_channels()}
    return render(request, "notifications/mail_address.html", context, status=form.status)


def _save(request, address: str, seen: str) -> str:
    channels.set_address(user=request.user, address=address, seen=seen, now=timezone.now())
    return request.user.username
