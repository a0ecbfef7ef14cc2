"""A real OpenID provider on this machine."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable

CLIENT, SECRET = "equipoise", "a secret of the tests"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIDProvider:
    """One that runs; `issuer` is its address and name."""

    issuer: str

    def knows(self, sub: str, **claims: object) -> None:
        """Let it know somebody, and what it tells of them."""
        body = json.dumps({"sub": sub, **claims}).encode()
        urllib.request.urlopen(f"{self.issuer}/tests/people", data=body, timeout=10).close()  # noqa: S310 - loopback

    def asked(self) -> list[dict[str, Any]]:
        """What it was asked when people were sent to it, in turn."""
        with urllib.request.urlopen(f"{self.issuer}/tests/asked", timeout=10) as answer:  # noqa: S310 - loopback
            found: list[dict[str, Any]] = json.loads(answer.read())
            return found


@contextmanager
def running_openid_provider(*, redirect_to: str) -> Iterator[OpenIDProvider]:
    """A provider that sends people back to one address; it runs by the Node that Playwright brings."""
    node, _ = compute_driver_executable()
    script = Path(__file__).with_name("serve.mjs")
    process = subprocess.Popen([node, str(script), redirect_to], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        issuer = next((line.strip() for line in process.stdout if line.startswith("http://")), "")
        assert issuer, "the provider did not start"
        yield OpenIDProvider(issuer=issuer)
    finally:
        process.terminate()
        process.wait(timeout=10)
