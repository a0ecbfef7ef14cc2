"""A SCIM client that speaks over the network, with the means that are there."""

from typing import Any, cast

import requests
from scim2_client.client import BaseSyncSCIMClient, RawResponse
from scim2_models import ScimProvider


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
