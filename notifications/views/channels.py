"""对外通知: for 系统管理员. How each channel is set up and tried, and what did not arrive."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules import may_watch_system
from accounts.views.tabbed_list import TabbedList
from core.exceptions import DomainError
from core.forms import is_repeat, refusals
from core.listing import Order
from notifications.domain import channels, queries, sending
from notifications.domain.channels import ChannelSettings
from notifications.enums import ChannelKind, DeliveryState
from notifications.exports import DELIVERIES
from notifications.forms import DeliveryFilterForm, GroupTestForm, MailChannelForm, MailTestForm, RobotChannelForm

LIST = TabbedList(
    form=DeliveryFilterForm,
    visible=queries.deliveries_visible_to,
    views=queries.delivery_views,
    labels=dict(DeliveryState.choices) | {"all": "全部"},
    first=DeliveryState.DEAD,
    order=Order("made_at", ("made_at", "id"), descending=True, public="public_id"),
    book=DELIVERIES,
    route="deliveries",
    template="notifications/deliveries.html",
)


@require_safe
def channel_list(request):
    _require_keeper(request)
    return render(request, "notifications/channels.html", {"rows": channels.channel_rows(request.user)})


@require_http_methods(["GET", "POST"])
def channel(request, kind):
    _require_keeper(request)
    if is_repeat(request):
        return redirect("channel", kind)
    form = _form(request, _known(kind))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            form.once(request.user, f"channel:{kind}", lambda: _save(request, kind, form))
            messages.success(request, "已保存。请发一条测试消息，确认能够收到。")
            return redirect("channel", kind)
    return _shown(request, kind, form, _test_form(kind), form.status)


@require_POST
def channel_test(request, kind):
    """A test is sent by the next round, at any hour; how it went stands on the page."""
    _require_keeper(request)
    if is_repeat(request):
        return redirect("channel", kind)
    form = _test_form(_known(kind), request.POST)
    if form.is_valid():
        with refusals(form):
            form.once(request.user, f"channel.test:{kind}", lambda: _test(request, kind, form))
            messages.success(request, "测试消息一分钟内发出，请稍后刷新本页，在下方查看结果。")
            return redirect("channel", kind)
    return _shown(request, kind, _form(request, kind, is_sent=False), form, form.status)


@require_safe
def deliveries(request):
    _require_keeper(request)
    return LIST.page(request)


@require_safe
def deliveries_export(request):
    _require_keeper(request)
    return LIST.workbook(request)


@require_POST
def delivery_again(request, pk):
    found = get_object_or_404(queries.deliveries_visible_to(request.user), public_id=pk)
    try:
        sending.try_again(delivery=found, actor=request.user, now=timezone.now())
        messages.success(request, "一分钟内重新发送。")
    except DomainError as error:
        messages.warning(request, error.message)
    return redirect("deliveries")


def _require_keeper(request) -> None:
    if not may_watch_system(request.user):
        raise Http404


def _known(kind: str) -> str:
    if kind not in ChannelKind.values:
        raise Http404
    return kind


def _shown(request, kind, form, test, status: int):
    """The page with both forms, one of them perhaps refused."""
    context = {"kind": ChannelKind(kind), "form": form, "test": test, "stored": form.channel}
    context |= {"readable": channels.is_readable(form.channel), "latest": queries.latest_deliveries(request.user, kind)}
    return render(request, "notifications/channel.html", context, status=status)


def _form(request, kind, *, is_sent: bool = True):
    stored = channels.channel_of(kind)
    settings = channels.settings_of(stored) if channels.is_readable(stored) else ChannelSettings()
    given = request.POST if request.method == "POST" and is_sent else None
    options = {"token": channels.token_of_channel(stored), "stored": settings, "is_on": bool(stored and stored.is_on)}
    options["site"] = request.build_absolute_uri("/")
    form = (MailChannelForm if kind == ChannelKind.EMAIL else RobotChannelForm)(given, **options)
    form.channel = stored
    return form


def _save(request, kind, form) -> str:
    asked = {"settings": form.settings, "is_on": form.cleaned_data["is_on"], "seen": form.seen_token}
    channels.set_up(kind=kind, actor=request.user, now=timezone.now(), **asked)
    return kind


def _test_form(kind, given=None):
    return (MailTestForm if kind == ChannelKind.EMAIL else GroupTestForm)(given)


def _test(request, kind, form) -> str:
    mail_to = form.cleaned_data.get("mail_to", "")
    return str(sending.ask_test(kind=kind, mail_to=mail_to, actor=request.user, now=timezone.now()).public_id)
