"""Which units there are: for 系统管理员 alone. The pages that abolish one belong to campaigns, which know whether it is
still needed."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.domain.abolition import unit_rows, units_matching
from accounts.domain.unit_imports import LISTS
from accounts.enums import DepartmentKind
from accounts.forms.base import UnitFilterForm
from accounts.rules import may_keep_units
from core.listing import Order, filter_notes, paginate

# The order of the notice's list, region by region.
IN_FIXED_ORDER = Order("unit", ("region_id", "order", "id"))


@require_safe
def units(request):
    if not may_keep_units(request.user):
        raise Http404
    form = UnitFilterForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    is_active = {"active": True, "abolished": False}.get(asked.get("state"))
    found = units_matching(request.user, text=asked.get("q", ""), is_active=is_active)
    page = paginate(found, order=IN_FIXED_ORDER, params=request.GET, read=_rows)
    return render(
        request, "accounts/units.html", {"form": form, "page": page, "notes": filter_notes(form) + page.notes}
    )


def _rows(units) -> list[dict]:
    return [
        row
        | {
            "kind_label": DepartmentKind(row["kind"]).label,
            "lists": [
                label for name, label in LISTS.items() if row[name] and label != DepartmentKind(row["kind"]).label
            ],
        }
        for row in unit_rows(units)
    ]
