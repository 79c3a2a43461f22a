"""The manual inside the product: contents with a search, and one page for each part of it."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.searching import searched
from core.text import clean
from manual.domain import places
from manual.domain.pages import conventions, pages, search

WORDS_AT_MOST = 100


@require_safe
def contents(request):
    """What is written for the reader, then everything; ``?q=``: the sections that hold the words."""
    words = searched(clean(request.GET.get("q", ""))[:WORDS_AT_MOST]).strip()
    own = places.pages_for(request.user)
    context = {
        "words": words,
        "found": search(words),
        "own": own,
        "others": [page for page in pages().values() if page not in own],
        "conventions": conventions(),
    }
    return render(request, "manual/contents.html", context)


@require_safe
def page(request, slug):
    found = pages().get(slug)
    if found is None:
        raise Http404
    # The link 帮助 of a page names it, so that a suggestion says where it was written.
    suggest_url = f"{reverse('suggestion_add')}?{urlencode({'about': request.GET.get('from', '')[:100]})}"
    return render(request, "manual/page.html", {"page": found, "suggest_url": suggest_url})
