"""Signatures as Standard Webhooks has them (standardwebhooks.com, 1.0.0): HMAC-SHA256 over id, time and body."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 32 random bytes, in the form receivers take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, *, message: str, timestamp: int, body: bytes) -> str:
    """The value of the header `webhook-signature`.

    Example:
        >>> signature(
        ...     "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ...     message="msg_p5jXN8AQM9LWM0D4loKWxJek",
        ...     timestamp=1614265330,
        ...     body=b'{"test": 2432232314}',
        ... )
        'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    made = hmac.new(key, f"{message}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"


def headers(secret: str, *, message: str, body: bytes, now: datetime) -> dict[str, str]:
    """All headers of a message."""
    timestamp = int(now.timestamp())
    return {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message=message, timestamp=timestamp, body=body),
    }
