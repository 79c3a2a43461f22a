"""What went wrong is said in Chinese, with the right status, whatever was sent and whatever the database does."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django.utils.html import escape

from core.error_pages import record_page
from core.exceptions import DomainError
from core.middleware import TypedWordsMiddleware
from tests.cast import build_cast, issue_in, open_walk, reported_walk
from tests.scale import sample_of, scaled

pytestmark = pytest.mark.both_databases

FACTS = ("已填写的内容", "接下来")
BACKEND = "django.contrib.auth.backends.ModelBackend"
ID = "00000000-0000-4000-8000-000000000000"
NUL, LONG, WRONG_DAY = "\x00", "9" * 60, "2022-13-45"
# Two of them in a run, drawn by the seed; the whole in `make soak`.
ODD = sample_of((NUL, LONG, WRONG_DAY, "-1", "'\"><script>%s{{x}}", "\u202e💥", ""), scaled(2, 7), of="odd input")
PARAMS = re.findall(
    r"\w+",
    "q tab sort cols page after before unit state overdue category due_from due_to source period found_by campaign "
    "department mode since until mine show as_of scope action actor kind role active list step stage from next",
)
FORM_FIELD = re.compile(r'name="([^"]+)"')


def browser(user=None, **options) -> Client:
    client = Client(raise_request_exception=False, **options)
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def said(response) -> str:
    text = response.content.decode()
    assert 'lang="zh-CN"' in text
    for fact in FACTS:
        assert fact in text
    return text


# --- too much, wrong host, wrong method -----------------------------------------------------


@pytest.mark.parametrize("enforce_csrf_checks", [True, False])
def test_a_form_with_too_much_text_is_a_413_page(cast, settings, enforce_csrf_checks):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    client = browser(enforce_csrf_checks=enforce_csrf_checks)
    client.get(reverse("login"))
    answer = client.post(reverse("login"), {"username": "字" * 2000})
    assert answer.status_code == 413
    assert "填写的文字超过了一次可以提交的大小" in said(answer)


def test_a_form_with_too_many_fields_is_a_413_page(db, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    answer = browser().post(reverse("login"), {f"f{n}": "1" for n in range(5)})
    assert answer.status_code == 413
    assert "一次提交的项目太多" in said(answer)


def test_a_form_with_too_many_files_is_a_413_page(db, settings, tmp_path):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    (tmp_path / "a.txt").write_text("x")
    with (tmp_path / "a.txt").open() as one, (tmp_path / "a.txt").open() as two:
        answer = browser().post(reverse("login"), {"f": [one, two]})
    assert answer.status_code == 413
    assert "一次选择的文件太多" in said(answer)


def test_a_host_that_is_not_ours_is_a_400_page(db):
    answer = browser().get("/", HTTP_HOST="elsewhere.example")
    assert answer.status_code == 400
    assert "这次操作没有办理" in said(answer)


def test_an_address_that_only_takes_a_form_opened_by_get_says_so(db):
    cast = build_cast()
    walk = open_walk(cast)
    answer = browser(cast.principal).get(reverse("walk_waiting", args=[walk.pk]))
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "这个地址不能直接打开" in said(answer)


def test_a_stale_page_is_refused_with_what_was_kept(db):
    answer = browser(enforce_csrf_checks=True).post(reverse("login"), {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "页面已过期，没有提交" in said(answer)


def test_what_does_not_exist_is_a_404_page_for_a_visitor_too(db):
    answer = browser().get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in said(answer)


# --- a database held by others --------------------------------------------------------------


@contextmanager
def held(table: str) -> Iterator[None]:
    """Another connection holds the whole database (SQLite) or one table (PostgreSQL); ours waits 50 ms, not 20 s."""
    other = connection.copy()
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as ours, other.cursor() as theirs:
        ours.execute("PRAGMA busy_timeout = 50" if sqlite else "SET lock_timeout = 50")
        if sqlite:
            theirs.execute("BEGIN IMMEDIATE")
        else:
            other.set_autocommit(False)
            theirs.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        try:
            yield
        finally:
            other.close()
            ours.execute("PRAGMA busy_timeout = 20000" if sqlite else "RESET lock_timeout")


def assert_busy(answer) -> None:
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "系统正忙，请稍后再试" in said(answer)


def test_a_locked_database_is_a_503_page_with_retry_after(transactional_db):
    cast = build_cast()
    walk = open_walk(cast)
    client = browser(cast.principal)
    assert client.get(reverse("walk", args=[walk.pk])).status_code == 200
    with held("core_idempotencykey"):
        answer = client.post(reverse("walk_waiting", args=[walk.pk]), {"waiting": "1", "idempotency_key": "held"})
    assert_busy(answer)
    walk.refresh_from_db()
    assert walk.is_waiting is False


def test_a_lock_met_outside_the_view_is_a_503_page_too(transactional_db):
    client = browser(build_cast().principal)
    with held("django_session"):
        # The first page of a session writes when it was last seen, after the view has answered.
        answer = client.get(reverse("home"))
    assert_busy(answer)


def test_the_api_says_busy_in_json(transactional_db):
    cast = build_cast()
    issue = issue_in(cast, "assigned")
    client = browser(cast.second_liaison)
    assert client.get(f"/api/v1/issues/{issue.number}/").status_code == 200
    headers = {"Idempotency-Key": "held", "If-Match": f'"{issue.version}"'}
    with held("core_idempotencykey"):
        answer = client.post(
            f"/api/v1/issues/{issue.number}/actions/accept/",
            {},
            content_type="application/json",
            headers=headers,
        )
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert answer.json()["rule"] == "busy"


# --- odd input ------------------------------------------------------------------------------


def pages(cast) -> dict[str, list[str]]:
    """Addresses by who opens them: every page with a query, every page with a form."""
    walk, number = open_walk(cast, problems=1), issue_in(cast, "planning").number
    reported_walk(cast)
    steps = walk.steps.first()
    return {
        "office": [
            *map(reverse, ("home", "walks", "issues", "issues_export", "reports", "campaigns", "notices", "password")),
            reverse("report", args=[cast.campaign.code, "2022-06"]),
            reverse("report_rows", args=[cast.campaign.code, "2022-06", "sessions"]),
            reverse("issue", args=[number]),
        ],
        "liaison": [
            reverse("walk_start"),
            *(reverse(name, args=[walk.pk]) for name in ("walk_step_add", "walk_problem_add", "walk_need_add")),
            reverse("walk_complete", args=[walk.pk]),
            reverse("walk_step_edit", args=[walk.pk, steps.public_id]),
            reverse("walk_act", args=[walk.pk, "cancel"]),
            reverse("issue_act", args=[number, "plan"]),
            reverse("password"),
        ],
        "secadmin": [reverse("people")],
        "auditor": [reverse("audit")],
    }


def status_of(answer) -> int:
    """The status, once the answer is read to its end: a file that is sent is closed then."""
    list(answer)
    return answer.status_code


def test_odd_input_in_the_address_or_a_form_never_breaks_a_page(db):
    cast = build_cast()
    for persona, addresses in pages(cast).items():
        client = browser(getattr(cast, persona))
        for address in addresses:
            plain = client.get(address)
            assert status_of(plain) == 200, address
            names = set() if plain.streaming else set(FORM_FIELD.findall(plain.content.decode()))
            for odd in ODD:
                assert status_of(client.get(address, dict.fromkeys(PARAMS, odd))) < 500, (address, odd)
                if "csrfmiddlewaretoken" in names:
                    assert client.post(address, dict.fromkeys(names, odd)).status_code < 500, (address, odd)


def test_an_odd_name_in_the_address_is_absent_not_an_error(db):
    client = browser(build_cast().office)
    places = [("issue", ["?"]), ("issue_act", ["?", "plan"]), ("campaign", ["?"])]
    places += [("report", ["?", "2022-06"]), ("report", ["QH2022", "?"])]
    for odd in (odd for odd in ODD if odd and "/" not in odd):
        for name, args in places:
            address = reverse(name, args=[odd if arg == "?" else arg for arg in args])
            # A period that cannot be asked of the campaign is refused in words, every other name is absent.
            allowed = (400, 404) if (name, args[-1]) == ("report", "?") else (404,)
            assert client.get(address).status_code in allowed, address


def test_every_status_a_domain_error_may_have_has_its_page():
    # The kinds are those of every module behind the URLconf.
    assert get_resolver().url_patterns
    kinds = [DomainError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    for status in {kind.status for kind in kinds}:
        shown = render_to_string(f"errors/{status}.html", {"message": "原因在这里。", "code": "A1B2C3"})
        for part in (*FACTS, "原因在这里。", "A1B2C3"):
            assert part in shown


def test_the_page_of_a_late_step_opens_the_record_it_belongs_to():
    walk, sheet = f"/walks/{ID}/", f"/reports/QH2022/2022-06/public/{ID}/revoke/"
    assert record_page("/issues/QH2022-00001/assign/") == "/issues/QH2022-00001/"
    assert record_page(f"{walk}components/service_callback/add/") == record_page(f"{walk}sign/") == walk
    assert record_page(sheet) == "/reports/QH2022/2022-06/public/"
    assert record_page(f"/slips/{ID}/answer/") == f"/slips/{ID}/"
    assert record_page(f"/inspections/{ID}/strike/") == f"/inspections/{ID}/"
    # Neither a file nor a list of another kind stands for the record.
    assert record_page("/reports/QH2022/2022-06/papers/month-report/text/") == ""
    assert record_page("/issues/") == record_page("/") == ""


def refused(response: HttpResponse, **sent: str) -> str:
    """What ``TypedWordsMiddleware`` makes of a refused form of somebody who is signed in."""
    request = RequestFactory().post("/units/", sent)
    request.user = SimpleNamespace(is_authenticated=True)
    return TypedWordsMiddleware(lambda one: response)(request).content.decode()


def test_what_was_typed_is_added_once_and_to_pages_alone(settings):
    first = '窗口说"不行"'
    typed = f"{first}\r\n第二行"
    page = HttpResponse("<main></main>", status=400)
    assert escape(first) in refused(page, note=typed)
    on_it = f"<main><p>{escape(first)}</p><p>第二行</p></main>"
    assert refused(HttpResponse(on_it, status=400), note=typed) == on_it
    assert refused(JsonResponse({}, status=400), note=typed) == "{}"
    assert refused(HttpResponse("<main></main>"), note=typed) == "<main></main>"
    # Nobody could read what was sent: the page that says so is shown as it is.
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    assert refused(HttpResponse("<main></main>", status=413), a=typed, b=typed) == "<main></main>"


@pytest.mark.parametrize("method", ["put", "delete", "patch", "post"])
def test_a_method_the_address_does_not_take_gets_a_page_in_words(db, method):
    answer = getattr(browser(build_cast().office), method)(reverse("campaigns"))
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert "这个地址不接受这种提交" in said(answer)
