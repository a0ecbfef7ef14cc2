"""Mails are handed over, except to addresses that are nobody's."""

from django.core import mail
from django.core.mail import EmailMessage

from equipoise.platform.post import Outcome, hand_over


class TestHandOver:
    def test_troubles_no_server_with_an_address_that_was_made_up(self) -> None:
        assert hand_over(EmailMessage("Monday", "…", to=["3f2a@users.INVALID"])) is Outcome.REFUSED
        assert mail.outbox == []

    def test_takes_a_real_one(self) -> None:
        assert hand_over(EmailMessage("Monday", "…", to=["kim@agency.example"])) is Outcome.SENT
        assert [each.to for each in mail.outbox] == [["kim@agency.example"]]
