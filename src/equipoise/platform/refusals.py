"""Why the program cannot start as an administrator set it up."""


class WrongSetting(ValueError):
    """A variable holds what it cannot; the message names it and says what it may hold, in English."""
