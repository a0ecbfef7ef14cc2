"""Purposes and figures in words, for templates."""

from typing import Literal

from django import template

from equipoise.apps.calendars.words import (
    AXIS_NAMES,
    PURPOSE_HINTS,
    PURPOSE_KEYS,
    PURPOSE_NAMES,
    failure_sentence,
    figure,
)

register = template.Library()


@register.filter
def purpose_name(purpose: str) -> str:
    """Vision, change, ... in the reader's language."""
    return str(PURPOSE_NAMES[purpose])


@register.filter
def purpose_hint(purpose: str) -> str:
    """What the purpose means, in a few words."""
    return str(PURPOSE_HINTS[purpose])


@register.filter
def failure(kind: str) -> str:
    """Why a calendar could not be read or written, by the name of the error."""
    return failure_sentence(kind)


@register.filter
def axis_name(axis: str) -> str:
    """Horizon, movement, ... in the reader's language."""
    return str(AXIS_NAMES[axis])


@register.filter
def purpose_key(purpose: str) -> str:
    """The key that chooses it."""
    return PURPOSE_KEYS[purpose]


@register.filter
def percent(share: float | None) -> str:
    """A share of 0..1 as a whole percentage, without the sign; a dash when there is none."""
    return "–" if share is None else figure(100 * share, 0)


@register.filter
def hours(value: float | Literal[""] | None) -> str:
    """Hours with one decimal; a dash when there are none, which a template gives as an empty text."""
    return "–" if value is None or value == "" else figure(value, 1)


@register.filter
def unlocal(value: float) -> str:
    """A number as SVG wants it, whatever the language."""
    return f"{value:g}"
