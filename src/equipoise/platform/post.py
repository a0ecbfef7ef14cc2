"""Handing a mail over to the mail server, and what came of it."""

import smtplib
from contextlib import suppress
from enum import StrEnum

from django.core.mail import EmailMessage, get_connection

NOWHERE = ".invalid"
"""The end of addresses that are made up for people who have none; no server is troubled with them (RFC 2606)."""


class Outcome(StrEnum):
    """What came of handing over."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNCLEAR = "unclear"


def hand_over(message: EmailMessage) -> Outcome:
    """Hand one mail over.

    Returns:
        `SENT` when the server took it; `LATER` when it surely did not and may do so another time; `REFUSED` when it
        surely never will; `UNCLEAR` when it went silent while it was told, so that it may have taken it.
    """
    if all(address.lower().endswith(NOWHERE) for address in message.recipients()):
        return Outcome.REFUSED
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException):
        return Outcome.LATER
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        return _by_codes([code for code, _said in error.recipients.values()])
    except smtplib.SMTPResponseException as error:
        return _by_codes([error.smtp_code])
    except (OSError, smtplib.SMTPException):
        return Outcome.UNCLEAR
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.close()
    return Outcome.SENT


def _by_codes(codes: list[int]) -> Outcome:
    """Answers from 400 to 499 are for now, from 500 on for good (RFC 5321, 4.2.1)."""
    return Outcome.LATER if all(400 <= code < 500 for code in codes) else Outcome.REFUSED
