from django.urls import path

from scoring.views import matters, scores

urlpatterns = [
    path("reports/<str:code>/<str:period>/scores/", scores.scores, name="scores"),
    path("reports/<str:code>/<str:period>/scores/f13.xlsx", scores.score_f13, name="score_f13"),
    path("reports/<str:code>/<str:period>/scores/settle/", scores.score_settle, name="score_settle"),
    path("reports/<str:code>/<str:period>/scores/units/<int:unit>/", scores.score_sheet, name="score_sheet"),
    path(
        "reports/<str:code>/<str:period>/scores/units/<int:unit>/object/",
        matters.score_object,
        name="score_object",
    ),
    path("reports/<str:code>/<str:period>/scores/units/<int:unit>/note/", matters.score_note, name="score_note"),
    path(
        "reports/<str:code>/<str:period>/scores/<slug:kind>/<int:pk>/<slug:action>/",
        matters.score_step,
        name="score_step",
    ),
]
