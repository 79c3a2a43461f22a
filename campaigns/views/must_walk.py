"""必走事项清单: the list, adding from a search, reading a sheet in, taking an item off."""

from hashlib import sha256

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.domain import must_walk as domain
from campaigns.domain.queries import campaigns_and_drafts
from campaigns.forms.must_walk import SHOWN, PoolAddForm, PoolImportForm, PoolRemoveForm
from campaigns.models import Campaign
from campaigns.rules import may_set_up
from core.exceptions import NotAllowed
from core.forms import is_repeat, refusals
from core.imports import ImportResult
from core.tabular import read_table
from core.uploads import on_disk
from core.views.tables import warn_of


@require_http_methods(["GET", "POST"])
def pool_add(request, code):
    campaign = _kept(request, code)
    if is_repeat(request):
        return redirect("pool", code)
    text = request.GET.get("q", "").strip()[:60]
    items = domain.items_to_add(campaign)
    found = list(domain.matching(items, text)[: SHOWN + 1])
    sent = request.POST if request.method == "POST" else None
    listed = domain.listed_words(campaign, sent.getlist("items")) if sent else ""
    form = PoolAddForm(sent, items=items, shown=found[:SHOWN], listed=listed)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            messages.success(request, f"已添加 {_add(request.user, campaign, form)} 个事项。")
            return redirect("pool", code)
    context = {"campaign": campaign, "form": form, "text": text, "more": len(found) > SHOWN, "shown": len(found)}
    return render(request, "campaigns/must_walk/add.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def pool_import(request, code):
    campaign = _kept(request, code)
    form = PoolImportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    result = None
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            result, is_new = _import(request.user, campaign, form)
            if not result.errors:
                messages.success(request, _imported(result) if is_new else "这份表格已经导入过，没有重复导入。")
                warn_of(request, result.notes)
                return redirect("pool", code)
            form.status = 400
    context = {"campaign": campaign, "form": form, "result": result, "columns": domain.COLUMNS}
    return render(request, "campaigns/must_walk/import.html", context, status=form.status)


@require_POST
def pool_remove(request, code, pk):
    campaign = _kept(request, code)
    form = PoolRemoveForm(request.POST)
    if is_repeat(request):
        return redirect("pool", code)
    rows = domain.pool_visible_to(request.user).select_related("campaign", "item")
    row = rows.filter(pk=pk, campaign=campaign).first()
    if row is None:
        raise domain.gone(campaign, pk) or Http404
    if form.is_valid():
        with refusals(form):
            form.once(
                request.user,
                f"pool.remove:{pk}",
                lambda: domain.remove(row=row, actor=request.user, today=timezone.localdate()),
            )
            messages.success(request, f"已将“{row.item.name}”移出清单，已有的体验记录不受影响。")
            return redirect("pool", code)
    messages.error(request, "页面已过期，未改动。请在刷新后的页面上重新操作。")
    return redirect("pool", code)


def _kept(request, code) -> Campaign:
    """The campaign whose list this person keeps: unseen 404, seen but another's 403, ended 409."""
    campaign = get_object_or_404(campaigns_and_drafts(request.user).select_related("region"), code=code)
    if not may_set_up(request.user, campaign):
        raise NotAllowed("必走事项清单由本区域的统筹办维护，您没有此项权限。", rule="permission")
    domain.require_open(campaign, timezone.localdate())
    return campaign


def _add(user, campaign: Campaign, form: PoolAddForm) -> str:
    asked = form.cleaned_data
    added, _ = form.once(
        user,
        f"pool.add:{campaign.code}",
        lambda: domain.add(
            campaign=campaign,
            items=asked["items"],
            provenance=asked["provenance"],
            note=asked["note"],
            actor=user,
            today=timezone.localdate(),
        ),
    )
    return added


def _import(user, campaign: Campaign, form: PoolImportForm) -> tuple[ImportResult, bool]:
    """(result, True when it was carried out now); with faults nothing is written and the key stays free."""
    asked = {"campaign": campaign, "actor": user, "today": timezone.localdate()}
    with on_disk(form.cleaned_data["file"], reader=user) as path:
        table = read_table(path, domain.SHAPE)
        content = {"file": sha256(path.read_bytes()).hexdigest()}
    result = domain.import_pool(path=table, dry_run=True, **asked)
    if result.errors:
        return result, False
    scope = f"pool.import:{campaign.code}"
    _, is_new = form.once(user, scope, lambda: domain.import_pool(path=table, **asked).rows, content=content)
    return result, is_new


def _imported(result: ImportResult) -> str:
    return f"已导入 {result.file}：新增 {result.created} 个，更新 {result.updated} 个，未变 {result.unchanged} 个。"
