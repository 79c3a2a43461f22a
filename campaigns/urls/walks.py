from django.urls import path

from campaigns.views import parts, start, steps, walks

urlpatterns = [
    path("walks/", walks.walks, name="walks"),
    path("walks/start/", start.walk_start, name="walk_start"),
    path("walks/<uuid:pk>/steps/add/", steps.walk_step_add, name="walk_step_add"),
    path("walks/<uuid:pk>/steps/<uuid:step_id>/", steps.walk_step_edit, name="walk_step_edit"),
    path("walks/<uuid:pk>/parts/<uuid:step_id>/", parts.walk_part_edit, name="walk_part_edit"),
    path("walks/<uuid:pk>/parts/<slug:code>/add/", parts.walk_part_add, name="walk_part_add"),
    path("walks/<uuid:pk>/waiting/", steps.walk_waiting, name="walk_waiting"),
]
