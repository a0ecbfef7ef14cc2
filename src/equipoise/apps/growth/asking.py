"""What a reflection that begins now asks: the questions of its week or month, beside the person's own evidence."""

from datetime import date, timedelta

from equipoise.apps.growth import queries
from equipoise.apps.growth.evidence import evidence_of
from equipoise.apps.growth.mapping import Answer, Content, Part, last_day
from equipoise.apps.growth.models import Reflection
from equipoise.apps.growth.questions import monthly_questions, weekly_questions
from equipoise.apps.people.models import Person

WEEKS_BACK = 5
MONTHS_BACK_DAYS = 100


def may_look_back(rhythm: str, start: date, *, today: date) -> bool:
    """Whether a reflection on this week or month may begin today: it has begun, and it is not long ago."""
    if rhythm == Reflection.Rhythm.WEEKLY:
        return start.weekday() == 0 and today - timedelta(weeks=WEEKS_BACK) <= start <= today
    return start.day == 1 and today - timedelta(days=MONTHS_BACK_DAYS) <= start <= today


def asked_now(person: Person, rhythm: str, start: date) -> Content:
    """The questions and the evidence of a week or month, in the reader's language, nothing answered yet."""
    weekly = rhythm == Reflection.Rhythm.WEEKLY
    questions = weekly_questions(start) if weekly else monthly_questions()
    evidence = evidence_of(person, start=start, end=last_day(rhythm, start) + timedelta(days=1))
    parts = tuple(
        Part(
            theme=theme.value,
            evidence=evidence[theme],
            answers=tuple(Answer(key=each.key, asked=str(each.words)) for each in asked),
        )
        for theme, asked in questions
    )
    return Content(parts=parts, meant=queries.intention_for(person, start) if weekly else "")
