"""What an operation raises to say why it did nothing."""


class CannotBe(Exception):
    """What was sent is well formed, but cannot be, as things stand (409); the message says why and what to do."""


class Refusal(Exception):
    """A problem with a status of its own.

    Attributes:
        status: The status of HTTP.
        title: What is wrong, in a few words.
        detail: What to do.
    """

    def __init__(self, status: int, title: str, detail: str = "") -> None:
        """A problem."""
        super().__init__(title)
        self.status, self.title, self.detail = status, title, detail
