"""Types of what is sent and asked for: bounded, so that nothing the schema allows breaks what stands behind it.

In a body numbers are numbers and texts are texts (nothing is guessed); in an address everything is text and is read.
"""

import math
import re
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Annotated, Any, get_args, get_origin

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from equipoise.platform.api.errors import CannotBe

LARGEST = 2**63 - 1
"""The largest number both databases hold."""

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)

_WHOLE = re.compile(r"-?[0-9]{1,19}")
_DECIMAL = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,19})?([eE][+-]?[0-9]{1,3})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_ADDRESS = re.compile(r"[^@\s\0]+@[^@\s\0]+")


class Sent(BaseModel):
    """What a body holds: fields that are not known are refused, and nothing is turned into another type."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _choose(cls, values: Any) -> Any:
        """JSON has no choices, only their texts; being strict about types must not keep them out."""
        if not isinstance(values, dict):
            return values
        kinds = {name: field.annotation for name, field in cls.model_fields.items()}
        return {name: _chosen(kinds.get(name), value) for name, value in values.items()}


def _chosen(kind: Any, value: Any) -> Any:
    """The member of an enum that a text names, wherever the enum stands in a type; else the value as it is."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next((member for member in kind if type(value) is type(member.value) and member.value == value), value)
    within = [each for each in get_args(kind) if each is not type(None)]
    if isinstance(value, list) and get_origin(kind) is list:
        return [_chosen(within[0], each) for each in value]
    if isinstance(value, dict) and get_origin(kind) is dict:
        return {_chosen(within[0], name): _chosen(within[1], each) for name, each in value.items()}
    if len(within) == 1 or get_origin(kind) is Annotated:
        return _chosen(within[0], value)
    return value


def _in_body(info: ValidationInfo) -> bool:
    return bool(info.config and info.config.get("strict"))


def _whole(value: Any, info: ValidationInfo) -> int:
    if isinstance(value, str) and not _in_body(info) and _WHOLE.fullmatch(value):
        return int(value)
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("Should be a whole number")  # noqa: TRY004 - pydantic asks for it
    return value


def _decimal(value: Any, info: ValidationInfo) -> float:
    if isinstance(value, str) and not _in_body(info) and _DECIMAL.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("Should be a number")  # noqa: TRY004
    try:
        return float(value)
    except OverflowError as error:
        raise ValueError("Should be a smaller number") from error


def _flag(value: Any, info: ValidationInfo) -> bool:
    if isinstance(value, str) and not _in_body(info) and value in {"true", "false"}:
        return value == "true"
    if not isinstance(value, bool):
        raise ValueError("Should be true or false")  # noqa: TRY004
    return value


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("Should be a day such as 2026-11-25")
    return _within_reach(date.fromisoformat(value))


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("Should be a moment such as 2026-11-25T09:00:00Z")
    found = datetime.fromisoformat(_leap(value.upper()))
    _within_reach(found.date())
    return found.astimezone(UTC)


def _leap(text: str) -> str:
    """A moment with at most six places of a second; Python knows no leap second, so it counts as the one before."""
    text = re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text.replace("Z", "+00:00"))
    return f"{text[:17]}59{text[19:]}" if text[17:19] == "60" else text


def _within_reach(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise CannotBe(_("That day is too far away: give one from 1900 to 2199."))
    return day


def _clock(value: Any) -> time:
    return value if isinstance(value, time) else time.fromisoformat(value)


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("Should be an e-mail address")
    try:
        validate_email(value)
    except ValidationError as error:
        raise CannotBe(_("“%(address)s” is no e-mail address mail could reach.") % {"address": value}) from error
    return value


_NO_NUL = r"^[^\u0000]*$"
_BREAKS = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
_ONE_LINE = rf"^[^{_BREAKS}]*[^\s{_BREAKS}][^{_BREAKS}]*$"

Whole = Annotated[int, BeforeValidator(_whole), Field(ge=-LARGEST, le=LARGEST)]
"""A whole number; narrow it with `Annotated[Whole, Field(ge=1, le=48)]`."""

Id = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=LARGEST)]
"""The number of a record, in a path, a query or a body."""

Number = Annotated[float, BeforeValidator(_decimal), Field(allow_inf_nan=False)]
"""A number; narrow it with `Annotated[Number, Field(ge=-1, le=1)]`."""

Flag = Annotated[bool, BeforeValidator(_flag)]
"""True or false."""

Line = Annotated[str, Field(min_length=1, max_length=120, pattern=_ONE_LINE), AfterValidator(str.strip)]
"""One line that says something, such as a name or a title."""

ShortText = Annotated[str, Field(max_length=500, pattern=_NO_NUL)]
"""A few sentences, or none."""

Text = Annotated[str, Field(max_length=20_000, pattern=_NO_NUL)]
"""A longer text, or none."""

Key = Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9._:@/+-]*$")]
"""A key another program knows a record by; may be empty."""

Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-11-25"]}),
]
"""A day; 409 when it lies outside of 1900 to 2199."""

Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-25T09:00:00Z"]}),
]
"""A moment with its offset (RFC 3339), told in UTC; 409 when it lies outside of 1900 to 2199."""

_CLOCK_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


def _clock_text(value: Any) -> time:
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not re.fullmatch(_CLOCK_PATTERN[1:-1], value):
        raise ValueError("Should be a time of day such as 09:30")
    return _clock(value)


Clock = Annotated[
    time,
    BeforeValidator(_clock_text),
    WithJsonSchema({"type": "string", "pattern": _CLOCK_PATTERN, "examples": ["09:30"]}, mode="validation"),
]
"""A time of day, to the minute."""

Address = Annotated[
    str,
    Field(max_length=254),
    AfterValidator(_address),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254, "examples": ["lena@agency.example"]}),
]
"""An e-mail address; 409 when it has the form of one but mail could not reach it."""
