from django.urls import path

from accounts.views import audit, people, people_tables, person, roles, units, unmask

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/unmask/", unmask.people_unmask, name="people_unmask"),
    path("people/import/", people_tables.people_import, name="people_import"),
    path("people/import/<uuid:pk>/", people_tables.people_preview, name="people_preview"),
    path("people/export/", people_tables.people_export, name="people_export"),
    path("roles/", roles.roles, name="roles"),
    path("roles/export/", roles.roles_export, name="roles_export"),
    path("units/", units.units, name="units"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.audit_export, name="audit_export"),
    path("audit/verify/", audit.audit_verify, name="audit_verify"),
]
