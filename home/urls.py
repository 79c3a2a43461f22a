from django.urls import path

from home.views.home import home

urlpatterns = [path("", home, name="home")]
