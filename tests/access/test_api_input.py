"""What a program sends beside what is asked for is stored nowhere (docs/trust.md A4), and an id out of its reach does
not exist (A3): for every address that writes, by somebody who may act there."""

import uuid
from contextlib import contextmanager

from django.apps import apps
from django.db import connection
from django.urls import reverse

from tests.access.policy import VISITORS
from tests.access.table import POLICY
from tests.access.test_matrix import WorldCase

WRITING = ("INSERT", "UPDATE", "DELETE")
# Read beside the form, or by its header.
NO_FIELD = {"version", "idempotency_key"}
# Addresses of the API that fill in no form of a page.
WITHOUT_FORM = {"api-job-cancel"}
MORE = (
    ("api-issue-act", "issue", "office", {"act": "merge"}),
    ("api-issue-act", "issue", "office", {"act": "propose_dismissal"}),
)


def addresses() -> list[tuple[str, str | None, str, dict]]:
    """(route, kind of object, persona who may act, further arguments) of every form of the API."""
    found = []
    for name, row in POLICY.items():
        route = name.split(":")[0]
        if not route.startswith("api-") or row.post is None or route in WITHOUT_FORM:
            continue
        able = [persona for persona, status in row.post.own.items() if status == 400 and persona not in VISITORS]
        if able:
            found.append((route, row.kind, "liaison" if "liaison" in able else able[0], row.extra))
    return [*found, *MORE]


def every_field() -> set[str]:
    """The names of all columns of what the API writes."""
    models = [model for app in ("walks", "plans", "issues") for model in apps.get_app_config(app).get_models()]
    return {field.name for model in models for field in model._meta.get_fields()} | {"is_staff", "created_by"}


@contextmanager
def nothing_written():
    written = []

    def watch(execute, sql, *rest):
        if sql.lstrip().upper().startswith(WRITING) and "django_session" not in sql:
            written.append(sql[:120])
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield
    assert written == []


class TestWhatIsSent(WorldCase):
    def url(self, route: str, kind: str | None, extra: dict) -> str:
        return reverse(route, kwargs=(self.world.objects["own"][kind] if kind else {}) | extra)

    def asked(self, persona: str, url: str) -> dict[str, dict]:
        if url.endswith("/issues/export/"):
            return {"reason": {"type": "text"}}
        answer = self.browsers[persona].get(url)
        assert answer.status_code == 200, answer.content
        return {one["name"]: one for one in answer.json()["fields"]}

    def send(self, persona: str, url: str, body: dict):
        browser = self.browsers[persona]
        seen = browser.get(url).headers.get("ETag", '"1"')
        headers = {"Idempotency-Key": uuid.uuid4().hex, "If-Match": seen}
        return browser.post(url, body, content_type="application/json", headers=headers)

    def test_columns_that_no_form_asks_for_are_refused_by_name(self):
        forms = addresses()
        assert len(forms) > 20, "a rule that reads nothing passes"
        for route, kind, persona, extra in forms:
            url = self.url(route, kind, extra)
            if url.endswith("/issues/export/"):
                continue  # asked for nothing while the ledger is small
            sent = sorted(every_field() - set(self.asked(persona, url)) - NO_FIELD - {"step"})
            with nothing_written():
                answer = self.send(persona, url, dict.fromkeys(sent, "1"))
            assert answer.status_code == 400, (url, answer.content)
            named = answer.json()["fields"]
            assert set(sent) - set(named) == set() or "rows" in named, url

    def test_an_id_out_of_reach_does_not_exist(self):
        other, cast = self.world.objects["other"], self.world.cast
        unit = cast.namesake_unit.pk
        foreign = {
            "item": other["item"]["pk"], "walker": cast.namesake.pk, "department": unit, "unit": unit,
            "cooperating": [unit], "responsible_person": cast.namesake.pk, "target": other["issue"]["number"],
            "place": f"1-{unit}", "step": str(other["step"]["step_id"]),
        }  # fmt: skip
        tried = set()
        for route, kind, persona, extra in addresses():
            url = self.url(route, kind, extra)
            if url.endswith(("/issues/export/", "/edit/")):
                continue  # asked for nothing while the ledger is small; the cells of a plan: below
            asked = self.asked(persona, url)
            names = [name for name in foreign if name in asked and asked[name]["type"] in ("choice", "list", "text")]
            names += ["step"] if route == "api-problem-add" else []
            if route == "api-walk-complete":
                names.remove("place")  # there it is the place in words
            for name in names:
                with nothing_written():
                    answer = self.send(persona, url, {name: foreign[name]})
                assert answer.status_code == 400, (url, name, answer.content)
                assert name in answer.json()["fields"], (url, name, answer.json())
                tried.add((route, name))
        assert {name for _, name in tried} >= {"item", "walker", "department", "unit", "cooperating", "place", "step"}

    def test_a_person_and_an_item_out_of_reach_are_no_cells_of_a_plan(self):
        url, other = self.url("api-plan-edit", "plan", {}), self.world.objects["other"]
        row = {"item": self.world.cast.item.name, "activity_kind": "process_walkthrough", "mode": "in_person"}
        row["walker"] = self.world.cast.principal.pk
        assert self.send("liaison", url, {"rows": [row]}).status_code == 200
        changes = (
            ({"walker": self.world.cast.namesake.pk}, "1.体验人"),
            ({"item": "白石事项"}, "1.体验事项"),
            ({"id": other["plan_row"]["row_id"]}, "rows"),
        )
        for change, place in changes:
            with nothing_written():
                answer = self.send("liaison", url, {"rows": [row | change]})
            assert (answer.status_code, place in answer.json()["fields"]) == (400, True), (change, answer.content)
