"""Every route of the product. Each one has a row in tests/access/table.py."""

from django.urls import include, path

from accounts.views import login as sign_in
from core.views import errors, health
from walkthrough.views import system

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("system/", system.system, name="system"),
    path("login/", sign_in.login, name="login"),
    path("logout/", sign_in.logout, name="logout"),
    path("password/", sign_in.password, name="password"),
    path("", include("accounts.urls")),
    path("", include("notifications.urls")),
    path("", include("catalogue.urls")),
    path("", include("campaigns.urls")),
    path("", include("walks.urls")),
    path("", include("plans.urls")),
    path("", include("issues.urls")),
    path("", include("ledgers.urls")),
    path("", include("reports.urls")),
    path("", include("scoring.urls")),
    path("", include("home.urls")),
    path("", include("manual.urls")),
    path("api/v1/", include("walkthrough.api_urls")),
]
