from django.urls import path

from home.views.closing import campaign_finish
from home.views.handing_over import hand_over, person_handover
from home.views.home import home
from home.views.retention import retention
from home.views.unit_changes import unit_change, unit_changes, unit_changes_export, unit_merge, unit_split

urlpatterns = [
    path("", home, name="home"),
    path("people/<int:pk>/handover/", person_handover, name="person_handover"),
    path("campaigns/<str:code>/end/<str:verb>/", campaign_finish, name="campaign_finish"),
    path("retention/", retention, name="retention"),
    path("units/<int:pk>/merge/", unit_merge, name="unit_merge"),
    path("units/<int:pk>/split/", unit_split, name="unit_split"),
    path("units/changes/", unit_changes, name="unit_changes"),
    path("units/changes/export/", unit_changes_export, name="unit_changes_export"),
    path("units/changes/<uuid:pk>/", unit_change, name="unit_change"),
    path("handovers/<uuid:pk>/", hand_over, name="hand_over"),
]
