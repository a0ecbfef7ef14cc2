"""Questions to a provider go out through the same door as all others: limited, and to addresses that were checked."""

from collections.abc import Mapping
from typing import Any, ClassVar

import requests
from django.conf import settings
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from equipoise.adapters.web import Follow, Request, WebError, WebLimits, ask
from equipoise.adapters.web.values import MEGABYTE
from equipoise.apps.signin.models import Provider

LIMITS = WebLimits(seconds=10.0, answer_bytes=2 * MEGABYTE, redirects=3)


def asked(address: str, *, own_network: bool) -> bytes:
    """What an address answers, when it answers well.

    Raises:
        WebError: It gave nothing usable; the message says what.
    """
    answer = ask(_question("GET", address, {}, None), limits=LIMITS, allow_private_hosts=_private(own_network))
    if answer.status != 200:
        raise WebError(address, f"answered with status {answer.status}")
    return answer.body


def session_for(provider: Provider | None) -> requests.Session:
    """A session whose questions go through our door, to the networks this provider may stand in."""
    session = requests.Session()
    session.trust_env = False
    own_network = provider is not None and provider.own_network
    for start in ("http://", "https://"):
        session.mount(start, Door(own_network=own_network))
    return session


class Door(BaseAdapter):
    """Lets `requests` ask by our own transport."""

    __attrs__: ClassVar[list[str]] = ["own_network"]

    def __init__(self, *, own_network: bool) -> None:
        """For a provider that may stand in a private network, or not."""
        super().__init__()
        self.own_network = own_network

    def send(  # noqa: PLR0917
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002 - as they declare it; what we send is decided here
        timeout: Any = None,  # noqa: ARG002
        verify: bool | str = True,  # noqa: ARG002, FBT001, FBT002
        cert: Any = None,  # noqa: ARG002
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> requests.Response:
        """Ask, and give the answer as `requests` wants it.

        Raises:
            requests.ConnectionError: Nothing usable came.
        """
        body = request.body.encode() if isinstance(request.body, str) else request.body
        headers = {name: str(value) for name, value in request.headers.items()}
        question = _question(request.method or "GET", request.url or "", headers, body)
        try:
            answer = ask(question, limits=LIMITS, allow_private_hosts=_private(self.own_network))
        except WebError as error:
            raise requests.ConnectionError(str(error), request=request) from error
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status, answer.address, request
        response.headers = CaseInsensitiveDict(answer.headers)
        response._content = answer.body  # noqa: SLF001 - there is no other way to make one
        return response

    def close(self) -> None:
        """Nothing is kept open."""


def _question(method: str, address: str, headers: Mapping[str, str], body: Any) -> Request:
    told = {name: value for name, value in headers.items() if name.lower() in {"accept", "content-type"}}
    authorization = next((value for name, value in headers.items() if name.lower() == "authorization"), "")
    return Request(
        method=method,
        address=address,
        headers=told,
        body=body,
        authorization=authorization,
        follow=Follow.TRUSTED,
        guarded=True,
    )


def _private(own_network: bool) -> bool:  # noqa: FBT001
    return own_network or bool(settings.PRIVATE_FEEDS)
