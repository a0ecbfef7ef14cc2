"""Slows down whoever guesses passwords."""

import hashlib

from django.core.cache import cache

MOST = 10
SECONDS = 900


def too_many(email: str, host: str) -> bool:
    """Whether so many sign-ins of this address failed from that host lately that one must wait."""
    return int(cache.get(_key(email, host), 0)) >= MOST


def note_failure(email: str, host: str) -> None:
    """Count one more; the count ends a while after the first."""
    cache.add(_key(email, host), 0, SECONDS)
    cache.incr(_key(email, host))


def _key(email: str, host: str) -> str:
    return "sign-in-" + hashlib.sha256(f"{email.strip().lower()}\n{host}".encode()).hexdigest()
