"""Entity tags (RFC 9110, 8.8.3): strong, made from the content, so that equal content has an equal tag."""

import hashlib
import re

_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def tag_of(content: bytes) -> str:
    """The tag of a content.

    Example:
        >>> tag_of(b"{}")
        '"44136fa355b3678a1146ad16f7e8649e"'
    """
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def matches(header: str, tag: str, *, weak: bool = True) -> bool:
    """Whether a list of tags names this one; “*” names every one. Weak tags count for reading only.

    Example:
        >>> matches('W/"a", "b"', '"a"')
        True
        >>> matches('W/"a", "b"', '"a"', weak=False)
        False
    """
    if header.strip() == "*":
        return True
    return any(found == tag and (weak or not mark) for mark, found in _TAG.findall(header))
