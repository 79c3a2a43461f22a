from django.urls import path

from campaigns.views import board, coverage, pool

urlpatterns = [
    path("campaigns/<str:code>/board/", board.board, name="board"),
    path("campaigns/<str:code>/board/plans/", board.board_plans, name="board_plans"),
    path("campaigns/<str:code>/board/export/", board.board_export, name="board_export"),
    path("campaigns/<str:code>/coverage/", coverage.coverage, name="coverage"),
    path("campaigns/<str:code>/coverage/export/", coverage.coverage_export, name="coverage_export"),
    path("campaigns/<str:code>/pool/", pool.pool, name="pool"),
    path("campaigns/<str:code>/pool/add/", pool.pool_add, name="pool_add"),
    path("campaigns/<str:code>/pool/import/", pool.pool_import, name="pool_import"),
    path("campaigns/<str:code>/pool/<int:pk>/remove/", pool.pool_remove, name="pool_remove"),
]
