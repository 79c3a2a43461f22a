from django.urls import path

from plans.views import acts, grid, plans, rows, walk_start

urlpatterns = [
    path("walks/start/", walk_start.walk_start, name="walk_start"),
    path("plans/", plans.plans, name="plans"),
    path("plans/export/", plans.plans_export, name="plans_export"),
    path("plans/start/", plans.plan_start, name="plan_start"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/edit/", grid.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/import/", grid.plan_import, name="plan_import"),
    path("plans/<int:pk>/template/", plans.plan_template, name="plan_template"),
    path("plans/<int:pk>/export/", plans.plan_export, name="plan_export"),
    path("plans/<int:pk>/act/<str:verb>/", acts.plan_act, name="plan_act"),
    path("plans/<int:pk>/rows/<int:row_id>/notice/", rows.plan_notice, name="plan_notice"),
    path("plans/<int:pk>/rows/<int:row_id>/start/", rows.plan_row_start, name="plan_row_start"),
]
