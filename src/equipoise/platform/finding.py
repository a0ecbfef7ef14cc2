"""From numbers in addresses to records, or to "not found"."""

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404

T = TypeVar("T")


def found_or_404(look_up: Callable[[], T]) -> T:
    """What an access query finds.

    Raises:
        Http404: When it is not there, or somebody else's.
    """
    try:
        return look_up()
    except ObjectDoesNotExist as error:
        raise Http404 from error
