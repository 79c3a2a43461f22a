from django.urls import path

from campaigns.views import campaign, campaigns

urlpatterns = [
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/<str:code>/", campaign.campaign, name="campaign"),
]
