from django.urls import path

from home.views.closing import campaign_finish
from home.views.handing_over import hand_over, person_handover
from home.views.home import home
from home.views.retention import retention

urlpatterns = [
    path("", home, name="home"),
    path("people/<int:pk>/handover/", person_handover, name="person_handover"),
    path("campaigns/<str:code>/end/<str:verb>/", campaign_finish, name="campaign_finish"),
    path("retention/", retention, name="retention"),
    path("handovers/<uuid:pk>/", hand_over, name="hand_over"),
]
