from django.urls import path

from reports.views import (
    board,
    board_walks,
    campaign,
    coverage,
    jobs,
    must_walk,
    papers,
    published,
    report,
    reports,
    rows,
)

urlpatterns = [
    path("campaigns/<str:code>/", campaign.campaign, name="campaign"),
    path("campaigns/<str:code>/board/", board.board, name="board"),
    path("campaigns/<str:code>/board/plans/", board.board_plans, name="board_plans"),
    path("campaigns/<str:code>/board/walks/", board_walks.board_walks, name="board_walks"),
    path("campaigns/<str:code>/board/walks/export/", board_walks.board_walks_export, name="board_walks_export"),
    path("campaigns/<str:code>/board/export/", board.board_export, name="board_export"),
    path("campaigns/<str:code>/coverage/", coverage.coverage, name="coverage"),
    path("campaigns/<str:code>/coverage/export/", coverage.coverage_export, name="coverage_export"),
    path("campaigns/<str:code>/pool/", must_walk.pool, name="pool"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<str:code>/<str:period>/", report.report, name="report"),
    path("reports/<str:code>/<str:period>/compile/", report.report_compile, name="report_compile"),
    path("reports/<str:code>/<str:period>/rows/<slug:figure>/", rows.report_rows, name="report_rows"),
    path("reports/<str:code>/<str:period>/f9.xlsx", report.report_f9, name="report_f9"),
    path("reports/<str:code>/<str:period>/papers/<slug:kind>/", papers.paper, name="paper"),
    path("reports/<str:code>/<str:period>/publish/", published.publish, name="report_publish"),
    path("reports/<str:code>/<str:period>/published/<int:version>/", published.published, name="published"),
    path(
        "reports/<str:code>/<str:period>/published/<int:version>/<slug:kind>/",
        published.published_file,
        name="published_file",
    ),
    path("jobs/<uuid:pk>/", jobs.job, name="job"),
    path("jobs/<uuid:pk>/status/", jobs.job_status, name="job_status"),
    path("jobs/<uuid:pk>/file/", jobs.job_file, name="job_file"),
    path("jobs/<uuid:pk>/cancel/", jobs.job_cancel, name="job_cancel"),
]
