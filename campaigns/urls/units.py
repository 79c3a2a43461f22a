from django.urls import path

from campaigns.views import units

urlpatterns = [
    path("units/<int:pk>/abolish/", units.unit_abolish, name="unit_abolish"),
    path("units/<int:pk>/restore/", units.unit_restore, name="unit_restore"),
]
