from django.urls import path

from ledgers.enums import BATCH_KINDS
from ledgers.views import batches, returned, tables

urlpatterns = [
    path("returned/", returned.ledger_return, name="ledger_return"),
    path("returned/<uuid:pk>/", returned.ledger_return_preview, name="ledger_return_preview"),
    path("imports/", batches.imports, name="imports"),
    path("imports/export/", batches.imports_export, name="imports_export"),
    path("imports/batches/<uuid:pk>/export/", batches.import_batch_export, name="import_batch_export"),
    path("imports/batches/<uuid:pk>/", batches.import_batch, name="import_batch"),
]
for kind in BATCH_KINDS:
    asked = {"kind": kind.value}
    urlpatterns += [
        path(f"imports/{kind.value}/", tables.import_upload, asked, name=f"{kind.value}_import"),
        path(f"imports/{kind.value}/<uuid:pk>/", tables.import_preview, asked, name=f"{kind.value}_preview"),
        path(f"imports/{kind.value}/<uuid:pk>/columns/", tables.import_columns, asked, name=f"{kind.value}_columns"),
    ]
