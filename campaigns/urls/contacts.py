from django.urls import path

from campaigns.views import contacts

urlpatterns = [
    path("campaigns/<str:code>/contacts/", contacts.contacts, name="contacts"),
    path("campaigns/<str:code>/contacts/unmask/", contacts.contacts_unmask, name="contacts_unmask"),
]
