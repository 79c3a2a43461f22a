from django.urls import path

from catalogue.views import items

urlpatterns = [
    path("items/", items.items, name="items"),
    path("items/import/", items.items_import, name="items_import"),
    path("items/import/<uuid:pk>/", items.items_preview, name="items_preview"),
    path("items/export/", items.items_export, name="items_export"),
]
