"""Routes of campaigns, an area a module."""

from campaigns.urls import calendar, contacts, hotline, must_walk, setup, units

urlpatterns = [
    *setup.urlpatterns,
    *hotline.urlpatterns,
    *must_walk.urlpatterns,
    *contacts.urlpatterns,
    *calendar.urlpatterns,
    *units.urlpatterns,
]
