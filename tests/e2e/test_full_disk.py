"""A full disk, seen by who types: the page that refuses holds the text, and sends it once there is room."""

import resource

import pytest

from core import storage_state
from tests.cast import open_walk
from walks.models import Step

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TYPED = "排队两小时，窗口无人引导"


def test_what_was_typed_is_sent_again_from_the_page_that_refused_it_and_leaves_no_draft(sign_in, cast):
    walk = open_walk(cast)
    page = sign_in("principal", phone=True, expected="status of 503")
    page.goto(f"/walks/{walk.pk}/steps/add/")
    page.locator("[name=note]").fill(TYPED)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    # The server runs in this process: none of its writes succeeds.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with page.expect_response(lambda answer: answer.request.method == "POST") as refused:
            page.locator("[name=note]").evaluate("note => note.form.requestSubmit()")
        assert refused.value.status == 503
        page.get_by_role("button", name="重新提交").wait_for()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        storage_state.forget()
    page.get_by_role("button", name="重新提交").click()
    page.wait_for_url(f"**/walks/{walk.pk}/")
    assert Step.objects.filter(walk=walk, note=TYPED).count() == 1
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))") == []
