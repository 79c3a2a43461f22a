"""A real browser (Debian's chromium) against the real server."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.cast import PASSWORD, Cast, build_cast

# Playwright's own loop makes Django think it runs in async code; every ORM call here is a plain one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1366, "height": 768}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def cast(transactional_db, settings, tmp_path) -> Cast:
    settings.MEDIA_ROOT = tmp_path / "files"
    return build_cast()


@pytest.fixture
def sign_in(browser, live_server, cast) -> Iterator[Callable[..., Page]]:
    """``sign_in(persona, phone=True)``: a page of a browser of their own, past the sign-in, on 等我办.

    ``expected``: words of an error the console may report.

    Whatever the console reports as an error (a blocked script or style among them) fails the test.
    """
    contexts, errors = [], []

    def note(message, expected: str) -> None:
        if message.type == "error" and not (expected and expected in message.text):
            errors.append(message.text)

    def enter(persona: str, *, phone: bool = False, expected: str = "") -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else DESK, has_touch=phone, is_mobile=phone, base_url=live_server.url
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8_000)
        page.on("console", lambda message: note(message, expected))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto("/login/")
        page.get_by_label("用户名").fill(persona)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url("**/")
        return page

    yield enter
    for context in contexts:
        context.close()
    assert errors == []
