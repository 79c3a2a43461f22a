from django.urls import path

from notifications.views import channels, mail, notices

urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/export/", notices.notices_export, name="notices_export"),
    path("notices/mail/", mail.mail_address, name="mail_address"),
    path("system/channels/", channels.channel_list, name="channels"),
    path("system/channels/<slug:kind>/", channels.channel, name="channel"),
    path("system/channels/<slug:kind>/test/", channels.channel_test, name="channel_test"),
    path("system/deliveries/", channels.deliveries, name="deliveries"),
    path("system/deliveries/export/", channels.deliveries_export, name="deliveries_export"),
    path("system/deliveries/<uuid:pk>/again/", channels.delivery_again, name="delivery_again"),
    path("notices/read/", notices.notices_read, name="notices_read"),
]
