from django.urls import path

from campaigns.views import must_walk

urlpatterns = [
    path("campaigns/<str:code>/pool/add/", must_walk.pool_add, name="pool_add"),
    path("campaigns/<str:code>/pool/import/", must_walk.pool_import, name="pool_import"),
    path("campaigns/<str:code>/pool/<int:pk>/remove/", must_walk.pool_remove, name="pool_remove"),
]
