"""The REST API, version 1. What is written has the address of its page, below ``/api/v1/``; what is done to a record
``…/actions/{action}/``."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from accounts.api import DepartmentViewSet, RegionViewSet
from campaigns.api import CampaignViewSet
from catalogue.api import ServiceItemViewSet
from home.api import CampaignEnd
from issues.api import acts, exports, walk_acts, walk_findings
from issues.api.issues import IssueViewSet
from issues.api.needs import NeedViewSet
from plans.api import walk_start, writing
from plans.api.plans import PlanViewSet
from reports.api import periods
from reports.api.jobs import JobViewSet
from reports.api.submissions import SubmissionViewSet
from reports.api.summaries import SummaryViewSet
from walks.api import records
from walks.api.walks import WalkViewSet

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

WALK = "walks/<uuid:pk>/"
PLAN = "plans/<int:pk>/"
PERIOD = "campaigns/<str:code>/periods/<str:period>/"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("campaigns/<str:code>/end/<slug:act>/", CampaignEnd.as_view(), name="api-campaign-end"),
    # a walk
    path("walks/start/", walk_start.WalkStart.as_view(), name="api-walk-start"),
    path(f"{WALK}content/", walk_findings.WalkContentView.as_view(), name="api-walk-content"),
    path(f"{WALK}steps/add/", records.StepAdd.as_view(), name="api-step-add"),
    path(f"{WALK}steps/<uuid:step_id>/", records.StepEdit.as_view(), name="api-step-edit"),
    path(f"{WALK}components/<uuid:step_id>/", records.ComponentEdit.as_view(), name="api-component-edit"),
    path(f"{WALK}components/<slug:code>/add/", records.ComponentAdd.as_view(), name="api-component-add"),
    path(f"{WALK}records/<uuid:step_id>/withdraw/", records.StepWithdraw.as_view(), name="api-step-withdraw"),
    path(f"{WALK}waiting/", records.WalkWaiting.as_view(), name="api-walk-waiting"),
    path(f"{WALK}problems/add/", walk_findings.ProblemAdd.as_view(), name="api-problem-add"),
    path(f"{WALK}problems/<uuid:issue_id>/", walk_findings.ProblemEdit.as_view(), name="api-problem-edit"),
    path(
        f"{WALK}problems/<uuid:issue_id>/withdraw/",
        walk_findings.ProblemWithdraw.as_view(),
        name="api-problem-withdraw",
    ),
    path(f"{WALK}needs/add/", walk_findings.NeedAdd.as_view(), name="api-need-add"),
    path(f"{WALK}complete/", walk_findings.WalkComplete.as_view(), name="api-walk-complete"),
    path(f"{WALK}actions/<slug:act>/", walk_acts.WalkActEndpoint.as_view(), name="api-walk-act"),
    # a plan
    path("plans/start/", writing.PlanStart.as_view(), name="api-plan-start"),
    path(f"{PLAN}edit/", writing.PlanEdit.as_view(), name="api-plan-edit"),
    path(f"{PLAN}actions/<slug:act>/", writing.PlanAct.as_view(), name="api-plan-act"),
    path(f"{PLAN}rows/<int:row_id>/notice/", walk_start.PlanNotice.as_view(), name="api-plan-notice"),
    path(f"{PLAN}rows/<int:row_id>/start/", walk_start.PlanRowStart.as_view(), name="api-plan-row-start"),
    # the ledger
    path("issues/export/", exports.IssuesExport.as_view(), name="api-issues-export"),
    path("issues/<str:number>/actions/<slug:act>/", acts.IssueAct.as_view(), name="api-issue-act"),
    path("files/<uuid:pk>/", exports.FileView.as_view(), name="api-file"),
    # a period
    path(f"{PERIOD}compile/", periods.PeriodCompile.as_view(), name="api-period-compile"),
    path(f"{PERIOD}pack/", periods.PeriodPack.as_view(), name="api-period-pack"),
    path(f"{PERIOD}statistics/", periods.PeriodStatistics.as_view(), name="api-period-statistics"),
    path(f"{PERIOD}papers/<slug:kind>/", periods.PeriodPaper.as_view(), name="api-period-paper"),
    *router.urls,
]
