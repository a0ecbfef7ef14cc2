"""Why a calendar could not be read, in the reader's language."""

from equipoise.adapters import caldav  # noqa: F401 - its errors are told, too
from equipoise.adapters.ics import CalendarError
from equipoise.apps.calendars import actions, syncing
from equipoise.apps.calendars.words import FAILURES, failure_sentence


def kinds(error: type[CalendarError]) -> set[str]:
    return {each.__name__ for each in error.__subclasses__()}.union(*map(kinds, error.__subclasses__()))


class TestFailures:
    def test_has_a_sentence_for_every_error_of_the_reader_and_no_other(self) -> None:
        assert set(FAILURES) == kinds(CalendarError) | {
            actions.INTERRUPTED,
            actions.OUR_FAULT,
            syncing.KEY_LOST,
            syncing.BUSY,
            "Disconnected",
        }

    def test_says_one_it_does_not_know_as_our_fault(self) -> None:
        assert failure_sentence("Invented") == failure_sentence(actions.OUR_FAULT)
