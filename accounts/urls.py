from django.urls import path

from accounts.views import (
    audit,
    people,
    people_passwords,
    people_tables,
    person,
    person_acts,
    person_new,
    places,
    roles,
    start,
    units,
    unmask,
)

urlpatterns = [
    path("start/", start.start, name="start"),
    path("people/", people.people, name="people"),
    path("people/passwords/", people_passwords.people_passwords, name="people_passwords"),
    path("people/new/", person_new.person_new, name="person_new"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/<int:pk>/password/", person_acts.person_password, name="person_password"),
    path("people/<int:pk>/unlock/", person_acts.person_unlock, name="person_unlock"),
    path("people/<int:pk>/grant/", person_acts.person_grant, name="person_grant"),
    path("people/unmask/", unmask.people_unmask, name="people_unmask"),
    path("people/import/", people_tables.people_import, name="people_import"),
    path("people/import/<uuid:pk>/", people_tables.people_preview, name="people_preview"),
    path("people/export/", people_tables.people_export, name="people_export"),
    path("roles/", roles.roles, name="roles"),
    path("roles/export/", roles.roles_export, name="roles_export"),
    path("units/", units.units, name="units"),
    path("units/places/", places.places, name="unit_places"),
    path("units/places/<int:pk>/", places.place, name="unit_place"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.audit_export, name="audit_export"),
    path("audit/verify/", audit.audit_verify, name="audit_verify"),
]
