"""Directories that speak SCIM with the service: over the network, and without."""

import json
from typing import Any, cast
from urllib.parse import urlencode

import requests
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from scim2_client.client import BaseSyncSCIMClient, RawResponse
from scim2_models import ScimProvider

from equipoise.apps.integrations.actions import make_token
from equipoise.apps.people.models import Person
from equipoise.platform.api import Scope

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class OverTheNetwork(BaseSyncSCIMClient):
    """Sends every request to a server's address with a token."""

    def __init__(self, address: str, token: str, provider: ScimProvider | None = None) -> None:
        super().__init__(provider=provider)
        self.address = address.rstrip("/")
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def _stays_under_base_url(self, endpoint: str) -> bool:
        return "://" not in endpoint or endpoint.startswith(self.address)

    def _parse_json(self, response: RawResponse) -> Any:
        return cast("requests.Response", response).json()

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        address = url if "://" in url else f"{self.address}/{url.lstrip('/')}"
        return self.session.request(method, address, timeout=30, **kwargs)


class Directory:
    """A directory that asks the service without a network, and gives what it answers."""

    def __init__(self, *, scopes: frozenset[Scope] = frozenset({Scope.SCIM}), person: Person | None = None) -> None:
        self.client = Client()
        self.secret = make_token(
            actor=None, person=person, name="Directory", scopes=scopes, expires_at=None, now=timezone.now()
        )

    def ask(self, method: str, path: str, told: object = None, **headers: str) -> HttpResponse:
        sent = {"Authorization": f"Bearer {self.secret}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        body = {} if told is None else {"data": json.dumps(told), "content_type": "application/scim+json"}
        answer: HttpResponse = self.client.generic(method, f"/scim/v2{path}", headers=sent, **body)  # type: ignore[assignment,arg-type]
        return answer

    def get(self, path: str, **parameters: str) -> Any:
        query = f"?{urlencode(parameters)}" if parameters else ""
        return json.loads(self.ask("GET", f"{path}{query}").content)

    def add(self, **attributes: object) -> Any:
        """A new user, as the service answers it."""
        answer = self.ask("POST", "/Users", {"schemas": [USER, ENTERPRISE], **attributes})
        assert answer.status_code == 201, answer.content
        return json.loads(answer.content)

    def add_group(self, name: str, *users: Any) -> Any:
        """A new group, as the service answers it."""
        members = [{"value": each["id"]} for each in users]
        answer = self.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": name, "members": members})
        assert answer.status_code == 201, answer.content
        return json.loads(answer.content)

    def patch(self, resource: Any, *operations: dict[str, object]) -> HttpResponse:
        path = f"/{resource['meta']['resourceType']}s/{resource['id']}"
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})


def reports_to(user: Any) -> dict[str, object]:
    """What a directory says of somebody who reports to a user."""
    return {ENTERPRISE: {"manager": {"value": user["id"]}}}


def person_of(user: Any) -> Person:
    """The person a user stands for."""
    return Person.objects.get(directory_user__key=user["id"])
