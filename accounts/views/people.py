"""Who has an account: for the two administrators who keep them."""

from functools import partial

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.domain.queries import people_matching, people_rows
from accounts.domain.unmasking import shows
from accounts.forms.base import PeopleFilterForm
from accounts.rules import may_keep_people, may_list_people
from accounts.views.unmask import PEOPLE
from core.listing import Order, filter_notes, paginate

BY_USERNAME = Order("username", ("username", "id"))


@require_safe
def people(request):
    if not may_list_people(request.user):
        raise Http404
    form = PeopleFilterForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    found = people_matching(
        request.user,
        text=asked.get("q", ""),
        role=asked.get("role", ""),
        is_active={"active": True, "disabled": False}.get(asked.get("state")),
    )
    unmasked = shows(session=request.session, user=request.user, object_type=PEOPLE, object_key="all")
    request.shows_personal_data = unmasked
    page = paginate(found, order=BY_USERNAME, params=request.GET, read=partial(people_rows, unmasked=unmasked))
    context = {"form": form, "page": page, "notes": filter_notes(form) + page.notes, "unmasked": unmasked}
    return render(request, "accounts/people.html", context | {"keeps": may_keep_people(request.user)})
