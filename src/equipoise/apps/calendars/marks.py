"""Marks of the people in an entry: what is kept of their addresses, to find again whom one belongs to.

A mark is a keyed digest. Nobody makes one, or tries addresses against it, without the server's key.
"""

from collections.abc import Sequence

from equipoise.platform import vault

LENGTH = 16
MOST = 50
"""Of an entry with more people in it nobody is marked: it is told as a large one anyway."""


def marked(addresses: Sequence[str]) -> list[str]:
    """What is kept of the people in an entry."""
    return [vault.digest(_called(each))[:LENGTH] for each in addresses] if len(addresses) <= MOST else []


def marks_of(address: str) -> list[str]:
    """The marks an address may have, by the keys there are and were."""
    return [mark[:LENGTH] for mark in vault.digests(_called(address))]


def _called(address: str) -> str:
    return f"somebody in an entry: {address.lower()}"
