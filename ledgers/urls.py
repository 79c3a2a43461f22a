from django.urls import path

from ledgers.enums import BatchKind
from ledgers.views import batches, tables

urlpatterns = [
    path("imports/", batches.imports, name="imports"),
    path("imports/batches/<uuid:pk>/", batches.import_batch, name="import_batch"),
]
for kind in (BatchKind.LEDGER,):
    asked = {"kind": kind.value}
    urlpatterns += [
        path(f"imports/{kind}/", tables.import_upload, asked, name=f"{kind}_import"),
        path(f"imports/{kind}/<uuid:pk>/", tables.import_preview, asked, name=f"{kind}_preview"),
        path(f"imports/{kind}/<uuid:pk>/columns/", tables.import_columns, asked, name=f"{kind}_columns"),
    ]
