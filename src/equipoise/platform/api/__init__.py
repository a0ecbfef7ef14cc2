'''What every operation of the REST API is made with.

Each feature has an `api.py` with a router; `config/api.py` puts them together. An operation says who may use it and
with which scope, what it takes (types of `values`, bodies are `Sent`), and what it answers. All else is done around it
(`running`): the token, the role, `Acting-For`, unknown fields and parameters (422), ETag and `If-None-Match` on GET,
`If-Match` on PUT, PATCH and DELETE of an address that also has a GET, `Idempotency-Key` on POST, problems (RFC 9457).

    from ninja import Query, Router, Schema
    from equipoise.platform.api import Day, Id, Line, Page, Paging, Scope, Sent, answers, operation, page_of

    router = Router(tags=["Boats"])

    class NewBoat(Sent):                       # a body: closed, strict
        name: Line
        built_on: Day | None = None            # tell the value; never rely on pydantic to turn one type into another
        colour: Colour                          # enums as they are

    class BoatShown(Schema):                   # an answer
        id: int
        name: str

    @router.get("/boats", response=answers(Page[BoatShown]), operation_id="list_boats")
    @operation("own boats", scope=Scope.READ, audience=Audience.ASSISTED)
    def list_boats(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
        """My boats, by name."""
        return page_of(request, queries.boats_of(person_of(request)), paging, order=("name", "id"))

    @router.post("/boats", response=answers(BoatShown, status=201), operation_id="add_boat")
    @operation("own boats", scope=Scope.WRITE, audience=Audience.ASSISTED)
    def add_boat(request: HttpRequest, body: NewBoat) -> tuple[int, Boat]:
        """Add a boat."""
        boat = actions.add_boat(actor=actor_of(request), person=person_of(request), now=timezone.now(), ...)
        return 201, boat

    @router.get("/boats/{boat_id}", response=answers(BoatShown), operation_id="boat")
    @operation("own boats", scope=Scope.READ, audience=Audience.ASSISTED)
    def boat(request: HttpRequest, boat_id: Id) -> Boat:
        return queries.boat_of(person_of(request), boat_id)      # DoesNotExist becomes 404

Rules: what the schema allows but the facts do not is `raise CannotBe("...")` (409), never 422; nothing well asked may
end in 5xx. One schema name means one thing in the whole API. Deletes answer `answers(None, status=204)` with
`return 204, None`. Lists that are worked out use `page_of_values(request, values, paging, key=...)`.
Query parameters: `on: Day | None = None`, or a model `Query[Paging]`. Operations that act for the organisation's token
get `None` from `people.requests.acting_person(request)`.
'''

from equipoise.platform.api.declaring import Scope, TokenHeld, declared_urls, token_of
from equipoise.platform.api.describing import described
from equipoise.platform.api.errors import CannotBe, Refusal
from equipoise.platform.api.keeping import forget_answers
from equipoise.platform.api.operations import operation
from equipoise.platform.api.paging import Page, Paging, page_of, page_of_values
from equipoise.platform.api.problems import PROBLEMS, Problem, answers, tell_problems
from equipoise.platform.api.values import (
    Address,
    Clock,
    Day,
    Flag,
    Id,
    Key,
    Line,
    Moment,
    Number,
    Sent,
    ShortText,
    Text,
    Whole,
)

__all__ = [
    "PROBLEMS",
    "Address",
    "CannotBe",
    "Clock",
    "Day",
    "Flag",
    "Id",
    "Key",
    "Line",
    "Moment",
    "Number",
    "Page",
    "Paging",
    "Problem",
    "Refusal",
    "Scope",
    "Sent",
    "ShortText",
    "Text",
    "TokenHeld",
    "Whole",
    "answers",
    "declared_urls",
    "described",
    "forget_answers",
    "operation",
    "page_of",
    "page_of_values",
    "tell_problems",
    "token_of",
]
