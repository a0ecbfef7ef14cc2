"""Bodies are JSON as RFC 8259 has it: UTF-8, finite numbers, each name once."""

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser


class StrictParser(Parser):
    """Reads a body, or says that it is no JSON."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The value a body holds.

        Raises:
            ValueError: It is no JSON, or holds a name twice or a number that is none.
        """
        return json.loads(request.body.decode(), parse_constant=_refuse, object_pairs_hook=_object)


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found
