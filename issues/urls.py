from django.urls import path

from issues.views import bulk, exports, files, intake, issue, issue_acts, ledger, needs, walk, walk_acts

urlpatterns = [
    path("walks/<uuid:pk>/", walk.walk, name="walk"),
    path("walks/<uuid:pk>/problems/add/", intake.walk_problem_add, name="walk_problem_add"),
    path("walks/<uuid:pk>/problems/<uuid:issue_id>/", intake.walk_problem, name="walk_problem"),
    path("walks/<uuid:pk>/needs/add/", intake.walk_need_add, name="walk_need_add"),
    path("walks/<uuid:pk>/complete/", intake.walk_complete, name="walk_complete"),
    path("walks/<uuid:pk>/<slug:verb>/", walk_acts.walk_act, name="walk_act"),
    path("issues/", ledger.issues, name="issues"),
    path("issues/bulk/<slug:action>/", bulk.issues_bulk, name="issues_bulk"),
    path("issues/changes/<uuid:pk>/", bulk.issues_change, name="issues_change"),
    path("issues/export/", exports.issues_export, name="issues_export"),
    path("needs/", needs.needs, name="needs"),
    path("needs/export/", needs.needs_export, name="needs_export"),
    path("needs/<uuid:pk>/", needs.need, name="need"),
    path("needs/<uuid:pk>/<slug:action>/", needs.need_act, name="need_act"),
    path("exports/", exports.export_releases, name="export_releases"),
    path("exports/<uuid:pk>/", exports.export_release_one, name="export_release"),
    path("issues/<str:number>/", issue.issue, name="issue"),
    path("issues/<str:number>/unmask/", issue.issue_unmask, name="issue_unmask"),
    path("issues/<str:number>/<slug:action>/", issue_acts.issue_act, name="issue_act"),
    path("files/<uuid:pk>/", files.file, name="file"),
    path("files/<uuid:pk>/thumb/", files.file_thumb, name="file_thumb"),
]
