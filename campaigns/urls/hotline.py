from django.urls import path

from campaigns.views import hotline

urlpatterns = [
    path("campaigns/<str:code>/hotline/", hotline.hotline, name="hotline"),
    path("campaigns/<str:code>/hotline/import/", hotline.hotline_import, name="hotline_import"),
    path("campaigns/<str:code>/hotline/import/<uuid:pk>/", hotline.hotline_columns, name="hotline_columns"),
    path("campaigns/<str:code>/hotline/save/", hotline.hotline_save, name="hotline_save"),
    path("campaigns/<str:code>/hotline/<str:month>/", hotline.hotline_month, name="hotline_month"),
    path("campaigns/<str:code>/hotline/<str:month>/issue/", hotline.hotline_issue, name="hotline_issue"),
    path("campaigns/<str:code>/hotline/<str:month>/export/", hotline.hotline_export, name="hotline_export"),
]
