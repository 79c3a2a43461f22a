"""The papers of one walk as files, for whoever may see the walk."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from reports.documents.registry import CONTENT_TYPES, WORD
from reports.documents.walk_papers import WALK_PAPERS, write_walk_paper
from reports.domain.walk_content import NAMED
from walks.domain.shown import walks_shown_to


@require_safe
def walk_paper(request, pk, kind):
    if kind not in WALK_PAPERS:
        raise Http404
    walk = get_object_or_404(walks_shown_to(request.user).select_related(*NAMED), pk=pk)
    file, name = write_walk_paper(walk, kind, WORD, actor=request.user)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[WORD])
