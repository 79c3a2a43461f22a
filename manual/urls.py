from django.urls import path

from manual.views import help

urlpatterns = [
    path("help/", help.contents, name="help"),
    path("help/<slug:slug>/", help.page, name="help_page"),
]
