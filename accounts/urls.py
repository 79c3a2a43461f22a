from django.urls import path

from accounts.views import audit, people, units

urlpatterns = [
    path("people/", people.people, name="people"),
    path("units/", units.units, name="units"),
    path("audit/", audit.audit, name="audit"),
]
