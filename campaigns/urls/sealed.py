from django.urls import path

from campaigns.views import sealed

urlpatterns = [
    path("walks/sealed/add/", sealed.walk_sealed_add, name="walk_sealed_add"),
    path("walks/<uuid:pk>/begin/", sealed.walk_begin, name="walk_begin"),
    path("walks/<uuid:pk>/postpone/", sealed.walk_postpone, name="walk_postpone"),
    path("walks/<uuid:pk>/readers/", sealed.walk_readers, name="walk_readers"),
]
