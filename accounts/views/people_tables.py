"""People from a table and into one: for 系统管理员. Roles in the table wait for 安全管理员."""

from django.http import FileResponse, Http404
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.imports import PEOPLE
from accounts.domain.regions import require_region
from accounts.enums import AccountKind, Role
from accounts.exports import people_workbook
from accounts.forms.base import PeopleTableForm, RegionForm
from accounts.resources import PersonResource
from accounts.rules import may_keep_people
from core.forms import refusals
from core.staging import ImportKind
from core.views import tables
from core.xlsx import CONTENT_TYPE

ROLES = [*Role.labels, *(kind.label for kind in AccountKind if kind != AccountKind.STAFF)]


def _resource(rows, params: dict, file: str, actor) -> PersonResource:
    return PersonResource(rows, file, region_name=params["region"], end_old=params.get("end_old", False), actor=actor)


DESK = ImportKind(
    kind="people",
    title="人员",
    command="import_people",
    shape=PEOPLE,
    resource=_resource,
    routes={"back": "people", "upload": "people_import", "preview": "people_preview"},
    template="accounts/people_import.html",
)


@require_http_methods(["GET", "POST"])
def people_import(request):
    _require_keeper(request)
    form = PeopleTableForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    return tables.upload(request, DESK, form, {"roles": ROLES})


@require_http_methods(["GET", "POST"])
def people_preview(request, pk):
    _require_keeper(request)
    return tables.preview(request, DESK, pk)


@require_safe
def people_export(request):
    """Without a region in the address the page asks for one; ``admins`` asks for the three administrators."""
    _require_keeper(request)
    form = RegionForm(request.GET if "region" in request.GET else None)
    if "admins" in request.GET:
        return _file(people_workbook(None, actor=request.user))
    if form.is_valid():
        with refusals(form):
            return _file(people_workbook(require_region(form.cleaned_data["region"]), actor=request.user))
    return tables.download_page(request, form, what="人员", back="people", with_admins=True)


def _file(made) -> FileResponse:
    return FileResponse(made[0], as_attachment=True, filename=made[1], content_type=CONTENT_TYPE)


def _require_keeper(request) -> None:
    if not may_keep_people(request.user):
        raise Http404
