from django.urls import path

from campaigns.views import start, steps, walks

urlpatterns = [
    path("walks/", walks.walks, name="walks"),
    path("walks/start/", start.walk_start, name="walk_start"),
    path("walks/<uuid:pk>/steps/add/", steps.walk_step_add, name="walk_step_add"),
    path("walks/<uuid:pk>/steps/<int:step_id>/", steps.walk_step_edit, name="walk_step_edit"),
    path("walks/<uuid:pk>/waiting/", steps.walk_waiting, name="walk_waiting"),
]
