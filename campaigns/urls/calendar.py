from django.urls import path

from campaigns.views import calendar

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/day/", calendar.calendar_day, name="calendar_day"),
    path("calendar/year/", calendar.calendar_year, name="calendar_year"),
    path("calendar/<str:day>/remove/", calendar.calendar_day_remove, name="calendar_day_remove"),
]
