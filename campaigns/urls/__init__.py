"""Routes of campaigns, an area a module."""

from campaigns.urls import board, calendar, hotline, plans, sealed, setup, walks

urlpatterns = [
    *walks.urlpatterns,
    *sealed.urlpatterns,
    *setup.urlpatterns,
    *plans.urlpatterns,
    *hotline.urlpatterns,
    *board.urlpatterns,
    *calendar.urlpatterns,
]
