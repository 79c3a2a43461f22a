from django.urls import path

from home.views.handing_over import hand_over, person_handover
from home.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("people/<int:pk>/handover/", person_handover, name="person_handover"),
    path("handovers/<uuid:pk>/", hand_over, name="hand_over"),
]
