"""How API lists are paged: by key, so that a page costs the same at any depth."""

from rest_framework.pagination import CursorPagination


class KeyPagination(CursorPagination):
    """Fifty rows a page, in the ``ordering`` of the view."""

    page_size = 50

    def get_ordering(self, request, queryset, view):
        return (view.ordering,) if isinstance(view.ordering, str) else view.ordering
