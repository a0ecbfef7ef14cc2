"""How hard a password is to guess, told without asking any other machine."""

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from zxcvbn import zxcvbn

from equipoise.apps.people.models import Person

LEAST_SCORE = 3
LOOKED_AT = 72
"""So many letters are looked at; more make it only harder to guess, and slower to look at."""

ADVICE: dict[str, str | Promise] = {
    "Use a few words, avoid common phrases.": gettext_lazy("Use a few words, but no common phrase."),
    "Straight rows of keys are easy to guess.": gettext_lazy("Straight rows of keys are easy to guess."),
    "Short keyboard patterns are easy to guess.": gettext_lazy("Short patterns on the keyboard are easy to guess."),
    'Repeats like "aaa" are easy to guess.': gettext_lazy("Repeats like “aaa” are easy to guess."),
    'Repeats like "abcabcabc" are only slightly harder to guess than "abc".': gettext_lazy(
        "Repeats like “abcabcabc” are hardly harder to guess than “abc”."
    ),
    'Sequences like "abc" or "6543" are easy to guess.': gettext_lazy(
        "Sequences like “abc” or “6543” are easy to guess."
    ),
    "Recent years are easy to guess.": gettext_lazy("Recent years are easy to guess."),
    "Dates are often easy to guess.": gettext_lazy("Dates are often easy to guess."),
    "This is a top-10 common password.": gettext_lazy("It is one of the ten most common passwords."),
    "This is a top-100 common password.": gettext_lazy("It is one of the hundred most common passwords."),
    "This is a very common password.": gettext_lazy("It is a very common password."),
    "This is similar to a commonly used password.": gettext_lazy("It is much like a common password."),
    "A word by itself is easy to guess.": gettext_lazy("A word by itself is easy to guess."),
    "Names and surnames by themselves are easy to guess.": gettext_lazy("A name by itself is easy to guess."),
    "Common names and surnames are easy to guess.": gettext_lazy("Common names are easy to guess."),
}
"""What the estimate warns of, in our words."""


class HardToGuess:
    """Refuses a password that a guesser with lists of words, names, dates and patterns would soon find.

    The estimate is that of zxcvbn (Wheeler 2016, USENIX Security, "zxcvbn: Low-Budget Password Strength Estimation"):
    a score from 0 to 4, of which 3 stands for more than a hundred million guesses.
    """

    def validate(self, password: str, user: Person | None = None) -> None:
        """Refuse what scores too low, and say why.

        Raises:
            ValidationError: It is easy to guess.
        """
        found = zxcvbn(password[:LOOKED_AT], user_inputs=_known_of(user))
        if int(found["score"]) >= LEAST_SCORE:
            return
        reason = ADVICE.get(found["feedback"]["warning"], "")
        told = (_("This password is easy to guess."), str(reason), _("Add another word or two that are not common."))
        raise ValidationError(" ".join(part for part in told if part), code="easy_to_guess")

    def get_help_text(self) -> str:
        """What is asked for, beforehand."""
        return _("A few words that do not belong together are hard to guess and easy to keep.")


def _known_of(user: Person | None) -> list[str]:
    """What a guesser who knows the person would try first."""
    if user is None:
        return []
    told = f"{user.name} {user.email.replace('@', ' ').replace('.', ' ')} equipoise"
    return [word for word in told.lower().split() if len(word) > 2]
