"""Why an address was not asked or gave nothing.

Each message says where and what, without a full stop; the caller adds what to do.
"""


class WebError(Exception):
    """An address gave nothing usable.

    Attributes:
        where: The address as it may be shown, or the text that is none.
    """

    def __init__(self, where: str, what: str) -> None:
        """Where, and what is wrong there."""
        super().__init__(f"{where} {what}")
        self.where = where


class NoWebAddress(WebError):
    """It is no http or https address."""


class PrivateAddress(WebError):
    """It leads to this machine or a private network, which may not be asked."""


class Unprotected(WebError):
    """It would go unencrypted over the internet, and may not."""


class OtherHost(WebError):
    """It sends on to a host that is not the one the request is for."""


class Unreachable(WebError):
    """Nothing answers, or not in the way it should."""


class TooSlow(Unreachable):
    """The time was over before the answer was."""


class TooManyRedirects(Unreachable):
    """One address pointed to the next too often."""


class TooMuch(WebError):
    """The answer is larger than the limit."""
