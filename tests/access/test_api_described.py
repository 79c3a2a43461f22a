"""What the description of the API allows, and what it nearly allows, is answered in words and never by a server error
(docs/trust.md D8): schemathesis writes the requests, sent to the objects of the access tests by people who may act."""

import json
import uuid

import requests
import schemathesis
from django.db import transaction
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, seed, settings
from rest_framework.utils.encoders import JSONEncoder

from core.api_schema import is_chinese
from tests.access.policy import VISITORS
from tests.access.table import POLICY
from tests.access.test_matrix import WorldCase
from tests.scale import SEED, sample_of, scaled

ALONE = {"api-schema"}


def described() -> dict:
    """The description; a body with a name nobody asks for is refused before it is read: most have none."""
    raw = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), cls=JSONEncoder))
    for name, one in raw["components"]["schemas"].items():
        if name.endswith(("Body", "Parts")):
            one["additionalProperties"] = False
    return raw


class TestDescribedRequests(WorldCase):
    def test_no_request_fails_the_server(self):
        schema = schemathesis.openapi.from_dict(described())
        found = [one.ok() for one in schema.get_all_operations()]
        assert len(found) > 60, "a rule that reads nothing passes"
        sent: dict[int, int] = {}
        for operation in sample_of(found, scaled(8, len(found)), of="operations"):
            self.try_some(operation, sent)
        assert sum(sent.values()) > 30
        assert min(sent) < 300, sent

    def try_some(self, operation, sent: dict[int, int]) -> None:
        @seed(SEED)
        @settings(
            max_examples=scaled(6, 60), database=None, deadline=None, suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        )  # fmt: skip
        @given(operation.as_strategy())
        def send(case):
            answer = self.answer(case)
            sent[answer.status_code] = sent.get(answer.status_code, 0) + 1
            said = getattr(answer, "content", b"")
            assert answer.status_code < 500, (case.method, case.formatted_path, said)
            if answer.status_code >= 400 and answer.status_code != 404:
                assert is_chinese(json.loads(said)["detail"]), said

        send()

    def answer(self, case):
        """What the request is answered, on an object of the caller's; what it wrote is taken back."""
        url, persona = self.place(case)
        made = {"method": case.method, "url": f"http://testserver{url}", "params": case.query or {}}
        given = {name: value for name, value in case.as_transport_kwargs().items() if name in ("data", "json", "files")}
        prepared = requests.Request(**made, **given).prepare()
        browser, version = self.browsers[persona], ""
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        if case.method == "POST":
            version = (case.headers or {}).get("If-Match") or browser.get(url).headers.get("ETag", "")
        if version and version.isascii() and version.isprintable():
            headers["If-Match"] = version
        kind = prepared.headers.get("Content-Type", "application/octet-stream")
        path = prepared.path_url
        with transaction.atomic():
            answer = browser.generic(case.method, path, prepared.body or b"", content_type=kind, headers=headers)
            transaction.set_rollback(True)
        return answer

    def place(self, case) -> tuple[str, str]:
        """The address, of an object of the county where the access tests have one, and somebody who may act there."""
        try:
            name = resolve(case.formatted_path).url_name
        except Resolver404:
            return case.formatted_path, "liaison"
        rows = [row for key, row in POLICY.items() if key.split(":")[0] == name]
        if not rows or name in ALONE:
            return case.formatted_path, "office"
        row = rows[len(str(case.body)) % len(rows)]
        access = row.post if case.method == "POST" else row.get
        able = [one for one, status in access.own.items() if status in (200, 400) and one not in VISITORS]
        chosen = "liaison" if "liaison" in able or not able else able[0]
        arguments = (self.world.objects["own"][row.kind] if row.kind else {}) | row.extra
        if "act" in arguments and "act" in case.path_parameters:
            arguments = arguments | {"act": case.path_parameters["act"]}
        try:
            return reverse(name, kwargs=arguments), chosen
        except NoReverseMatch:  # an action that is no word of an address
            return reverse(name, kwargs=arguments | row.extra), chosen
