from django.urls import path

from reports.views import jobs, report, reports, rows

urlpatterns = [
    path("reports/", reports.reports, name="reports"),
    path("reports/<str:code>/<str:period>/", report.report, name="report"),
    path("reports/<str:code>/<str:period>/compile/", report.report_compile, name="report_compile"),
    path("reports/<str:code>/<str:period>/rows/<slug:figure>/", rows.report_rows, name="report_rows"),
    path("reports/<str:code>/<str:period>/f9.xlsx", report.report_f9, name="report_f9"),
    path("jobs/<uuid:pk>/", jobs.job, name="job"),
    path("jobs/<uuid:pk>/status/", jobs.job_status, name="job_status"),
    path("jobs/<uuid:pk>/file/", jobs.job_file, name="job_file"),
    path("jobs/<uuid:pk>/cancel/", jobs.job_cancel, name="job_cancel"),
]
