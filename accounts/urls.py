from django.urls import path

from accounts.views import audit, people

urlpatterns = [
    path("people/", people.people, name="people"),
    path("audit/", audit.audit, name="audit"),
]
