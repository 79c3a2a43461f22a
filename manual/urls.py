from django.urls import path

from manual.views import help, suggestions

urlpatterns = [
    path("help/", help.contents, name="help"),
    path("help/suggestions/", suggestions.suggestions, name="suggestions"),
    path("help/suggestions/export/", suggestions.suggestions_export, name="suggestions_export"),
    path("help/suggestions/add/", suggestions.suggestion_add, name="suggestion_add"),
    path("help/suggestions/<uuid:pk>/", suggestions.suggestion, name="suggestion"),
    path("help/<slug:slug>/", help.page, name="help_page"),
]
