"""Routes of campaigns, an area a module."""

from campaigns.urls import board, calendar, hotline, plans, sealed, setup, units, walks

urlpatterns = [
    *walks.urlpatterns,
    *sealed.urlpatterns,
    *setup.urlpatterns,
    *plans.urlpatterns,
    *hotline.urlpatterns,
    *board.urlpatterns,
    *calendar.urlpatterns,
    *units.urlpatterns,
]
