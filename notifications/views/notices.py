"""A person's own notices."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.scope import home_region
from core.list_book import as_file, write_book
from core.listing import Order, link, paginate
from core.text import read_uuid
from notifications.domain.notices import mark_read, notice_rows, notices_visible_to, unread, unread_count
from notifications.exports import NOTICES

NEWEST_FIRST = Order("created", ("created_at", "id"), descending=True, public="public_id")
PER_PAGE = 30


@require_safe
def notices(request):
    mine = notices_visible_to(request.user)
    show_all = request.GET.get("show") == "all"
    page = paginate(
        mine if show_all else unread(mine),
        order=NEWEST_FIRST,
        params=request.GET,
        read=notice_rows,
        per_page=PER_PAGE,
    )
    tabs = [
        {"label": "未读", "url": link(request.GET, show=None), "active": not show_all},
        {"label": "全部", "url": link(request.GET, show="all"), "active": show_all},
    ]
    waiting = unread_count(request.user) if show_all else page.total
    context = {"page": page, "tabs": tabs, "show_all": show_all, "waiting": waiting}
    context["export_url"] = reverse("notices_export") + link(request.GET)
    return render(request, "notifications/notices.html", context)


@require_safe
def notices_export(request):
    mine, show_all = notices_visible_to(request.user), request.GET.get("show") == "all"
    found = (mine if show_all else unread(mine)).order_by(*NEWEST_FIRST.by())
    asked = {"actor": request.user, "today": timezone.localdate(), "place": home_region(request.user)}
    return as_file(write_book(NOTICES, found, what="全部" if show_all else "未读", **asked))


@require_POST
def notices_read(request):
    """Mark one notice (``id``) as read and open what it is about, or mark all."""
    wanted = request.POST.get("id", "")
    if not wanted:
        mark_read(user=request.user)
        messages.success(request, "消息已全部标为已读。")
        return redirect("notices")
    notice = notices_visible_to(request.user).filter(public_id=read_uuid(wanted)).first()
    if notice is None:
        messages.warning(request, "这条消息已不存在。")
        return redirect("notices")
    mark_read(user=request.user, ids=[notice.pk])
    local = url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None)
    return redirect(notice.link if notice.link and local else "notices")
