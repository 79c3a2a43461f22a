"""Routes of campaigns, an area a module."""

from campaigns.urls import calendar, hotline, must_walk, setup, units

urlpatterns = [
    *setup.urlpatterns,
    *hotline.urlpatterns,
    *must_walk.urlpatterns,
    *calendar.urlpatterns,
    *units.urlpatterns,
]
