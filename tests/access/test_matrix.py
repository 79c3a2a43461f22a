"""Every route × every persona × own, other and absent object, against the policy table."""

import re
import shutil
import tempfile

from django.db import transaction
from django.test import Client, TestCase, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from tests.access.policy import PERSONAS, VISITORS
from tests.access.table import POLICY
from tests.access.world import build_world
from tests.scale import DRAWN, sample_of, scaled

RELATIONS = ("own", "other", "absent")
METHODS = ("get", "post", "put", "patch", "delete")


def routes(patterns=None) -> set[str]:
    """The name of every route of the URLconf; a nameless one fails here."""
    found = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            found |= routes(pattern.url_patterns)
        else:
            assert isinstance(pattern, URLPattern)
            assert pattern.name, f"a route without a name: {pattern.pattern}"
            found.add(pattern.name)
    return found


def test_every_route_has_a_row_and_every_row_a_route():
    assert routes() == {key.split(":")[0] for key in POLICY}


def signed_in() -> dict[str, Client]:
    """One browser per persona; the disabled person was signed in when the account was closed."""
    found = {}
    for persona in PERSONAS:
        found[persona] = Client(raise_request_exception=False)
        if persona != "anonymous":
            user = User.objects.get(username=persona)
            User.objects.filter(pk=user.pk).update(is_active=True)
            found[persona].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    User.objects.filter(username="disabled").update(is_active=False)
    return found


class WorldCase(TestCase):
    """The world is built once for a class; what a test's requests write is taken back."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="wt-access-")
        cls.enterClassContext(override_settings(MEDIA_ROOT=cls.folder, JOBS_ROOT=cls.folder))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        super().setUpClass()
        cls.world = build_world()
        cls.browsers = signed_in()
        # A test sends in a savepoint, in which no child fills a template: the bytes are kept from here.
        for persona, relation in (("office", "own"), ("office_other_county", "other")):
            cls.browsers[persona].get(
                reverse("own_template_preview", kwargs=cls.world.objects[relation]["own_template"])
            )

    def url(self, name: str, relation: str) -> str:
        row = POLICY[name]
        kwargs = (self.world.objects[relation][row.kind] if row.kind else {}) | row.extra
        return reverse(name.split(":")[0], kwargs=kwargs)


class TestStatus(WorldCase):
    """Each persona gets what the policy says. Of those who may not see an object ``TestUnseenLooksAbsent`` asks some
    whether its page is 404, in ``make soak`` all: nobody is asked that twice.
    """

    def check(self, name: str):
        row, wrong = POLICY[name], []
        for method in METHODS:
            for persona in asked(name, row, method):
                for relation in relations(row, method, persona in absent_for(name)):
                    if method == "get" and asked_as_unseen(row, persona, relation):
                        continue
                    status = self.answer(self.browsers[persona], method, self.url(name, relation))
                    if status not in expected(row, method, persona, relation):
                        wrong.append(f"{method} {persona} {relation}: {status}")
        assert wrong == []

    def answer(self, browser: Client, method: str, url: str) -> int:
        cookies = browser.cookies.copy()
        with transaction.atomic():
            status = getattr(browser, method)(url).status_code
            transaction.set_rollback(True)
        browser.cookies = cookies
        return status


def asked(name: str, row, method: str) -> tuple[str, ...]:
    """Some of the people, drawn by the seed; fewer of a method that is not offered, whose answer depends on nobody."""
    drawn = 2 if getattr(row, method, None) else 1
    return sample_of(tuple(PERSONAS), scaled(drawn, len(PERSONAS)), of=f"{name} {method}")


def absent_for(name: str) -> tuple[str, ...]:
    """Who asks for an object that never existed: one drawn by the seed."""
    return sample_of(tuple(PERSONAS), scaled(1, len(PERSONAS)), of=f"{name} absent")


def asked_as_unseen(row, persona: str, relation: str) -> bool:
    """Whether ``TestUnseenLooksAbsent`` asks this GET; of an object that never existed with the objects not seen."""
    if not (row.kind and row.get) or persona in VISITORS:
        return False
    if relation == "absent":
        return bool(unseen_by(row, persona))
    return row.get.expected(persona, relation) == 404


def relations(row, method: str, with_absent: bool) -> tuple[str, ...]:
    """A method that is not offered is asked for on the person's own object only."""
    if row.kind is None:
        return ("none",)
    if not getattr(row, method, None):
        return ("own",)
    return RELATIONS if with_absent else ("own", "other")


def expected(row, method: str, persona: str, relation: str) -> set[int]:
    access = getattr(row, method, None)
    if access is not None:
        return {access.expected(persona, relation)}
    # Not offered: refused before or after asking who it is, and never carried out.
    return {405, 302, 401, 403, 404} if persona in VISITORS else {405, 403, 404}


class TestUnseenLooksAbsent(WorldCase):
    """What may not be seen has the status, headers and bytes of what does not exist."""

    def check(self, name: str):
        row = POLICY[name]
        blind = {persona: unseen_by(row, persona) for persona in PERSONAS if unseen_by(row, persona)}
        assert blind
        for persona in sample_of(tuple(blind), scaled(1, len(blind)), of=f"{name} unseen"):
            hidden = [self.browsers[persona].get(self.url(name, relation)) for relation in blind[persona]]
            absent = self.browsers[persona].get(self.url(name, "absent"))
            for relation, answer in zip(blind[persona], hidden, strict=True):
                assert answer.status_code == absent.status_code == 404, f"{persona} {relation}"
                assert masked(answer) == masked(absent), f"{persona} {relation}"
                assert dict(answer.headers) == dict(absent.headers), f"{persona} {relation}"


def unseen_by(row, persona: str) -> list[str]:
    return [relation for relation in ("own", "other") if asked_as_unseen(row, persona, relation)]


def masked(response) -> bytes:
    """The body without what may differ in any two answers: the CSRF token, and that the broker of a busy machine is
    slow just now."""
    return re.sub(
        rb'name="csrfmiddlewaretoken" value="[^"]+"|<div class="offline-bar" role="status">.*?</div>',
        b"",
        response.content,
    )


def add_tests(case: type[WorldCase], names) -> None:
    """One test method per route, so that each is reported and distributed by itself."""
    for name in names:
        setattr(case, f"test_{name.replace(':', '_').replace('-', '_')}", lambda self, name=name: self.check(name))


def drawn(names: tuple[str, ...], *, of: str) -> tuple[str, ...]:
    """A third of the routes, drawn by the seed; all in ``make soak``, and where a file is run by itself."""
    return sample_of(names, (len(names) + 2) // 3, of=of) if DRAWN else names


add_tests(TestStatus, drawn(tuple(POLICY), of="routes"))


def is_hidden_from_somebody(row) -> bool:
    """Not what everybody reads without signing in."""
    return bool(row.kind and row.get) and any(unseen_by(row, persona) for persona in PERSONAS)


HIDING = tuple(name for name, row in POLICY.items() if is_hidden_from_somebody(row))
add_tests(TestUnseenLooksAbsent, drawn(HIDING, of="hidden"))
