"""Messages that can be taken back."""

from django import template
from django.contrib.messages.storage.base import Message

register = template.Library()
UNDO = "undo:"


@register.filter
def undo_address(message: Message) -> str:
    """Where to post to take back what the message tells; empty when it cannot be."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
