from django.urls import path

from notifications.views import notices

urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/export/", notices.notices_export, name="notices_export"),
    path("notices/read/", notices.notices_read, name="notices_read"),
]
