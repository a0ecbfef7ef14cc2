"""Refuses an upload that is too large before any of it is kept."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MEGABYTES = 200
"""No upload may be larger: no calendar is, packed or not (`adapters.ics.limits`)."""

FORM_BYTES = 1_000_000
"""What the other fields of a form may take beside the file."""


class RefuseTooLarge(FileUploadHandler):
    """The first of the upload handlers; it keeps nothing and only looks at the length that is announced."""

    def handle_raw_input(self, *asked: Any, **more: Any) -> None:
        """Stop before the first byte; the announced length is the third of what Django tells.

        Raises:
            RequestDataTooBig: When more is announced than an upload may have.
        """
        length: int = more["content_length"] if "content_length" in more else asked[2]
        if length > MEGABYTES * 1_000_000 + FORM_BYTES:
            raise RequestDataTooBig(f"An upload may have at most {MEGABYTES} MB.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's signature
        """Pass everything on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers after this one."""
