"""Texts that are encrypted at rest, with a key outside the database (Fernet: AES-128 in CBC mode with HMAC-SHA256).

The keys are `settings.VAULT_KEYS`: the first encrypts, all decrypt. Whoever holds the database without a key reads
nothing of what is sealed here.
"""

import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class KeyLost(LookupError):
    """The text was sealed with a key the server does not have now, or it was tampered with."""


def seal(text: str) -> str:
    """Encrypt a text with the first key."""
    return _vault(tuple(settings.VAULT_KEYS)).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Decrypt a text.

    Raises:
        KeyLost: When no key of the server opens it.
    """
    try:
        return _vault(tuple(settings.VAULT_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise KeyLost("The text was sealed with another key than the server has now.") from error


def seal_bytes(content: bytes) -> bytes:
    """Encrypt a file with the first key."""
    return _vault(tuple(settings.VAULT_KEYS)).encrypt(content)


def unseal_bytes(sealed: bytes) -> bytes:
    """Decrypt a file.

    Raises:
        KeyLost: When no key of the server opens it.
    """
    try:
        return _vault(tuple(settings.VAULT_KEYS)).decrypt(sealed)
    except InvalidToken as error:
        raise KeyLost("The file was sealed with another key than the server has now.") from error


def digest(text: str) -> str:
    """A mark by which a text is found again, and that nobody makes without the first key; 64 letters."""
    return digests(text)[0]


def digests(text: str) -> list[str]:
    """The marks of a text by every key, to look up what was kept before a key was added."""
    return [
        hmac.new(f"digest {key}".encode(), text.encode(), hashlib.sha256).hexdigest() for key in settings.VAULT_KEYS
    ]


@lru_cache(maxsize=4)
def _vault(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
