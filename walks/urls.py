from django.urls import path

from walks.views import components, covert, draws, steps, walks

urlpatterns = [
    path("walks/", walks.walks, name="walks"),
    path("walks/export/", walks.walks_export, name="walks_export"),
    path("walks/<uuid:pk>/steps/add/", steps.walk_step_add, name="walk_step_add"),
    path("walks/<uuid:pk>/steps/<uuid:step_id>/", steps.walk_step_edit, name="walk_step_edit"),
    path("walks/<uuid:pk>/components/<uuid:step_id>/", components.walk_component_edit, name="walk_component_edit"),
    path("walks/<uuid:pk>/components/<slug:code>/add/", components.walk_component_add, name="walk_component_add"),
    path("walks/<uuid:pk>/waiting/", steps.walk_waiting, name="walk_waiting"),
    path("walks/covert/add/", covert.walk_covert_add, name="walk_covert_add"),
    path("walks/<uuid:pk>/begin/", covert.walk_begin, name="walk_begin"),
    path("walks/<uuid:pk>/postpone/", covert.walk_postpone, name="walk_postpone"),
    path("walks/<uuid:pk>/readers/", covert.walk_readers, name="walk_readers"),
    path("campaigns/<str:code>/draws/", draws.draws, name="draws"),
    path("campaigns/<str:code>/draws/export/", draws.draws_export, name="draws_export"),
    path("campaigns/<str:code>/draws/<int:pk>/", draws.draw, name="draw"),
]
