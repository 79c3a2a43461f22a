"""Units from a table and into one: for 系统管理员. They stand here because a campaign may still need a unit."""

from functools import partial

from django.http import FileResponse, Http404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.regions import require_region
from accounts.domain.unit_imports import UNITS
from accounts.enums import DepartmentKind
from accounts.exports import units_workbook
from accounts.forms.base import RegionForm, UnitTableForm
from accounts.resources import UnitResource
from accounts.rules import may_keep_units
from campaigns.domain.abolition import needed_for
from core.forms import refusals
from core.staging import ImportKind
from core.views import tables
from core.xlsx import CONTENT_TYPE


def _resource(rows, params: dict, file: str, actor) -> UnitResource:
    needed = partial(needed_for, today=timezone.localdate())
    make_alike = params.get("make_alike", False)
    return UnitResource(rows, file, region_name=params["region"], needed_for=needed, make_alike=make_alike, actor=actor)


DESK = ImportKind(
    kind="units",
    title="单位",
    command="import_units",
    shape=UNITS,
    resource=_resource,
    routes={"back": "units", "upload": "units_import", "preview": "units_preview"},
    template="campaigns/units/import.html",
)


@require_http_methods(["GET", "POST"])
def units_import(request):
    _require_keeper(request)
    form = UnitTableForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    return tables.upload(request, DESK, form, {"kinds": DepartmentKind.labels})


@require_http_methods(["GET", "POST"])
def units_preview(request, pk):
    _require_keeper(request)
    return tables.preview(request, DESK, pk)


@require_safe
def units_export(request):
    """Without a region in the address the page asks for one."""
    _require_keeper(request)
    form = RegionForm(request.GET if "region" in request.GET else None)
    if form.is_valid():
        with refusals(form):
            file, name = units_workbook(require_region(form.cleaned_data["region"]), actor=request.user)
            return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
    return tables.download_page(request, form, what="单位", back="units")


def _require_keeper(request) -> None:
    if not may_keep_units(request.user):
        raise Http404
