from django.urls import path

from campaigns.views import (
    campaigns,
    setup,
    setup_amend,
    setup_copy,
    setup_head,
    setup_issue,
    setup_new,
    setup_preview,
    setup_receivers,
    setup_roster,
    setup_rules,
)

urlpatterns = [
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", setup_new.campaign_new, name="campaign_new"),
    path("campaigns/<str:code>/setup/", setup.campaign_setup, name="campaign_setup"),
    path("campaigns/<str:code>/head/", setup_head.campaign_head, name="campaign_head"),
    path("campaigns/<str:code>/rules/<str:group>/", setup_rules.campaign_rules, name="campaign_rules"),
    path("campaigns/<str:code>/roster/", setup_roster.campaign_roster, name="campaign_roster"),
    path("campaigns/<str:code>/receivers/", setup_receivers.campaign_receivers, name="campaign_receivers"),
    path("campaigns/<str:code>/preview/", setup_preview.campaign_preview, name="campaign_preview"),
    path("campaigns/<str:code>/deadlines/<int:pk>/", setup_preview.campaign_deadline, name="campaign_deadline"),
    path("campaigns/<str:code>/issue/", setup_issue.campaign_issue, name="campaign_issue"),
    path("campaigns/<str:code>/amend/", setup_amend.campaign_amend, name="campaign_amend"),
    path("campaigns/<str:code>/copy/", setup_copy.campaign_copy, name="campaign_copy"),
    path("campaigns/<str:code>/discard/", setup_amend.campaign_discard, name="campaign_discard"),
]
