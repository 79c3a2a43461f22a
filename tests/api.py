"""A program of another system, as tests use the API: with a token, a fresh key for each request."""

import uuid

from rest_framework.test import APIClient

from accounts.models import User
from tests.tokens import key_for


class Program:
    """``person``'s own token, or with ``in_session`` the person's browser."""

    def __init__(self, person: User, *, in_session: bool = False):
        self.client = APIClient()
        if in_session:
            self.client.force_login(person)
        else:
            self.client.credentials(HTTP_AUTHORIZATION=f"Token {key_for(person)}")

    def get(self, path: str, **params):
        return self.client.get(f"/api/v1{path}", params)

    def version(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.json()
        return answer["ETag"]

    def post(self, path: str, body: dict | None = None, *, key: str = "", version: str = "", as_form: bool = False):
        headers = {"Idempotency-Key": key or uuid.uuid4().hex} | ({"If-Match": version} if version else {})
        form = "multipart" if as_form else "json"
        return self.client.post(f"/api/v1{path}", body or {}, format=form, headers=headers)

    def change(self, path: str, body: dict | None = None, **more):
        """With the version that the address tells now."""
        return self.post(path, body, version=self.version(path), **more)

    def done(self, path: str, body: dict | None = None, **more) -> dict:
        """What a request that must be carried out answers; the version is read first where there is one."""
        version = self.get(path).headers.get("ETag", "")
        answer = self.post(path, body, version=version, **more)
        assert answer.status_code in (200, 201), answer.json()
        return answer.json()
