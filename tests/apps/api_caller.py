"""A program that calls the API for somebody, for tests."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.cast import NOW

from equipoise.apps.integrations.actions import make_token
from equipoise.apps.people.models import Person
from equipoise.platform.api import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A program with a token of somebody's."""

    secret: str
    more: dict[str, str]

    def ask(
        self, method: str, path: str, sent: Any = None, *, status: int = 200, query: dict[str, Any] | None = None
    ) -> Any:
        """What the API answers, read; a status other than the one expected fails the test."""
        answer = self.answer(method, path, sent, query=query)
        assert answer.status_code == status, answer.content.decode()[:2000]
        return json.loads(answer.content) if answer.content else None

    def answer(self, method: str, path: str, sent: Any = None, *, query: dict[str, Any] | None = None) -> HttpResponse:
        """The answer as it comes."""
        headers = {"Authorization": f"Bearer {self.secret}", **self.more}
        body: dict[str, Any] = {} if sent is None else {"data": json.dumps(sent), "content_type": "application/json"}
        found: HttpResponse = Client().generic(  # type: ignore[assignment]
            method, f"/api/v1{path}", headers=headers, query_params=query, **body
        )
        return found

    def upload(self, path: str, name: str, content: bytes) -> HttpResponse:
        """Hand a file in."""
        headers = {"Authorization": f"Bearer {self.secret}", **self.more}
        found: HttpResponse = Client().post(  # type: ignore[assignment]
            f"/api/v1{path}", {"file": SimpleUploadedFile(name, content)}, headers=headers
        )
        return found


def caller(person: Person, *scopes: Scope, **more: str) -> Caller:
    """A program with a fresh token of a person's, for writing unless said otherwise; `more` are headers."""
    secret = make_token(
        actor=person, person=person, name="Test", scopes=scopes or {Scope.WRITE}, expires_at=None, now=NOW
    )
    return Caller(secret=secret, more={name.replace("_", "-"): value for name, value in more.items()})
