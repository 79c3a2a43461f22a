from django.urls import path

from campaigns.views import unit_tables, units

urlpatterns = [
    path("units/import/", unit_tables.units_import, name="units_import"),
    path("units/import/<uuid:pk>/", unit_tables.units_preview, name="units_preview"),
    path("units/export/", unit_tables.units_export, name="units_export"),
    path("units/<int:pk>/abolish/", units.unit_abolish, name="unit_abolish"),
    path("units/<int:pk>/restore/", units.unit_restore, name="unit_restore"),
]
