"""Values of columns as JSON and back, without loss: times to the microsecond, bytes to the bit.

Django's own JSON cuts times to milliseconds, so it is not used here.
"""

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Field

JSON = Any
_MICROSECOND = timedelta(microseconds=1)


def to_json(field: "Field[Any, Any]", value: Any) -> JSON:
    """What stands in the archive for the value of a column."""
    if value is None or field.get_internal_type() == "JSONField":
        return value
    for kind, told in _TOLD.items():
        if isinstance(value, kind):
            return told(value)
    return value


def from_json(field: "Field[Any, Any]", value: JSON) -> Any:
    """The value of a column from what stands in the archive.

    Raises:
        ValueError: When it is none of that kind.
    """
    if value is None:
        return None
    read = _READ.get(_kind(field))
    return value if read is None else read(value)


def _kind(field: "Field[Any, Any]") -> str:
    """The kind of a column; that of a key into another table is the kind of what it points to."""
    while field.remote_field is not None:
        field = field.target_field  # type: ignore[attr-defined]
    return field.get_internal_type()


_TOLD: dict[Any, Callable[[Any], JSON]] = {
    datetime: lambda value: value.astimezone(UTC).isoformat(timespec="microseconds"),
    date: lambda value: value.isoformat(),
    time: lambda value: value.isoformat(timespec="microseconds"),
    timedelta: lambda value: value // _MICROSECOND,
    (bytes, bytearray, memoryview): lambda value: base64.b64encode(bytes(value)).decode("ascii"),
    UUID: str,
    Decimal: str,
}
"""A datetime is a date too, so it stands first."""

_READ: dict[str, Callable[[JSON], Any]] = {
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "TimeField": time.fromisoformat,
    "DurationField": lambda value: timedelta(microseconds=value),
    "BinaryField": lambda value: base64.b64decode(value, validate=True),
    "UUIDField": UUID,
    "DecimalField": Decimal,
}
