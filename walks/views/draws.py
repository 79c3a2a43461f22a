"""随机抽取: the draws a person sees, a new one, and one draw with everything needed to check it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.versions import rules_of
from campaigns.models import Campaign
from core.exceptions import NotAllowed, Refused
from core.forms import refusals
from core.list_book import as_file, write_book
from core.listing import Order, paginate
from walks.domain import draws as domain
from walks.exports import DRAWS
from walks.forms.draws import DrawForm

PER_PAGE = 20
NEWEST_FIRST = Order("made", ("id",), descending=True)


@require_http_methods(["GET", "POST"])
def draws(request, code):
    campaign = get_object_or_404(campaigns_visible_to(request.user), code=code)
    units = domain.may_draw_for(request.user, campaign)
    component = domain.check_component(rules_of(campaign.pk)[1])
    form = _form(request, campaign, units, component)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            pk, is_new = _draw(request.user, campaign, form)
            messages.success(request, "抽取完成，结果已存档。" if is_new else "这次抽取已经完成，没有重复抽取。")
            return redirect("draw", code, pk)
    found = domain.draws_visible_to(request.user).filter(campaign=campaign)
    page = paginate(found, order=NEWEST_FIRST, params=request.GET, read=domain.draw_rows, per_page=PER_PAGE)
    context = {"campaign": campaign, "form": form, "component": component, "page": page, "month": timezone.localdate()}
    return render(request, "walks/draws.html", context, status=form.status if form else 200)


@require_safe
def draws_export(request, code):
    campaign = get_object_or_404(campaigns_visible_to(request.user).select_related("region"), code=code)
    found = domain.draws_visible_to(request.user).filter(campaign=campaign).order_by(*NEWEST_FIRST.by())
    asked = {"actor": request.user, "today": timezone.localdate(), "place": campaign.region.name}
    return as_file(write_book(DRAWS, found, what=campaign.name, **asked))


@require_safe
def draw(request, code, pk):
    campaign = get_object_or_404(campaigns_visible_to(request.user), code=code)
    seen = domain.draws_visible_to(request.user).filter(campaign=campaign)
    record = get_object_or_404(seen.select_related("department", "drawn_by"), pk=pk)
    tickets = domain.tickets_of(record)
    context = {
        "campaign": campaign,
        "record": record,
        "tickets": tickets,
        "drawn": [one for one in tickets if one.item_id in record.drawn],
        "is_reproduced": domain.is_reproduced(record),
        "others": domain.same_month(seen, record),
    }
    return render(request, "walks/draw.html", context)


def _form(request, campaign: Campaign, units: list, component) -> DrawForm | None:
    """None for somebody who only looks on; POST is then refused."""
    if request.method == "POST" and not units:
        raise NotAllowed("随机抽取由本单位负责同志、联络员或统筹办进行，您没有此项权限。", rule="permission")
    if request.method == "POST" and component is None:
        raise Refused("本活动的规则没有“业务检查”，不需要随机抽取。", rule="draw.component")
    if not units or component is None:
        return None
    drawn = domain.drawn_units(campaign, f"{timezone.localdate():%Y-%m}")
    return DrawForm(
        *((request.POST,) if request.method == "POST" else ()), units=units, drawn=drawn, component=component
    )


def _draw(user, campaign: Campaign, form: DrawForm) -> tuple[str, bool]:
    return form.once(
        user, f"draw:{campaign.pk}", lambda: domain.make_draw(campaign=campaign, actor=user, **form.wanted()).pk
    )
