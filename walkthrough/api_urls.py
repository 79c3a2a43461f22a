"""The REST API, version 1."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from accounts.api import DepartmentViewSet, RegionViewSet
from campaigns.api import CampaignViewSet
from catalogue.api import ServiceItemViewSet
from home.api import CampaignEndView
from issues.api import IssueViewSet, NeedViewSet
from plans.api import PlanViewSet
from reports.api import JobViewSet, SubmissionViewSet, SummaryViewSet
from walks.api import WalkViewSet

router = SimpleRouter()
router.register("regions", RegionViewSet, "api-region")
router.register("departments", DepartmentViewSet, "api-department")
router.register("service-items", ServiceItemViewSet, "api-item")
router.register("campaigns", CampaignViewSet, "api-campaign")
router.register("plans", PlanViewSet, "api-plan")
router.register("walks", WalkViewSet, "api-walk")
router.register("issues", IssueViewSet, "api-issue")
router.register("needs", NeedViewSet, "api-need")
router.register("submissions", SubmissionViewSet, "api-submission")
router.register("summaries", SummaryViewSet, "api-summary")
router.register("jobs", JobViewSet, "api-job")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("campaigns/<str:code>/end/<slug:act>/", CampaignEndView.as_view(), name="api-campaign-end"),
    *router.urls,
]
