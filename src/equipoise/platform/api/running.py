"""What is done around every operation.

In this order: who asks, whether they may, whether it is well asked, whether it was asked before, whether the record is
still what the sender saw; then the operation; then its tag.
"""

from collections.abc import Callable
from contextlib import ExitStack
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja.operation import Operation

from equipoise.platform.api import keeping
from equipoise.platform.api.declaring import access_of, check, token_of
from equipoise.platform.api.errors import Refusal
from equipoise.platform.api.etags import matches, tag_of

Run = Callable[..., HttpResponseBase]
BODY_SOURCES = {"body", "form", "file"}


def around(run: Run) -> Run:
    """One operation's run, with all that is the same for every operation."""
    made: Operation = run.__self__  # type: ignore[attr-defined]

    def running(request: HttpRequest, **keys: object) -> HttpResponseBase:
        stranger = made._run_checks(request)  # noqa: SLF001 - who asks must be known before anything is read
        if stranger is not None:
            return stranger
        try:
            with ExitStack() as held:
                _speak(request, held)
                _refuse_unfit(request, made)
                return _answered(request, made, run, keys)
        except Exception as error:  # noqa: BLE001 - every error is told as a problem
            return made.api.on_exception(request, error)

    return running


def _speak(request: HttpRequest, held: ExitStack) -> None:
    """Count days in the zone and tell problems in the language of whose records they are."""
    token = token_of(request)
    held.enter_context(timezone.override(ZoneInfo(token.zone)))
    if token.language:
        held.enter_context(translation.override(token.language))


def _refuse_unfit(request: HttpRequest, made: Operation) -> None:
    access = access_of(made)
    if access is not None:
        check(request, access)
    told_as = _told_as(made)
    if not request.accepts(told_as):
        raise Refusal(406, _("Not answered so"), _("Send “Accept: %(type)s”, or no such header.") % {"type": told_as})
    unknown = sorted(set(request.GET) - _names(made, "query"))
    if unknown:
        told = ", ".join(f"“{name[:40]}”" for name in unknown[:5])
        raise Refusal(
            422, _("What was sent will not do"), _("The address asks by %(names)s: unknown.") % {"names": told}
        )
    if takes_file(made) and request.content_type != "multipart/form-data":
        raise Refusal(415, _("Send a form with a file"), _("Send “Content-Type: multipart/form-data”."))
    if takes_body(made) and not takes_file(made) and request.content_type != "application/json":
        raise Refusal(415, _("Send JSON"), _("Send “Content-Type: application/json”."))
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Refusal(415, _("Send it as it is"), _("Packed bodies are not read; leave “Content-Encoding” away."))


def _told_as(made: Operation) -> str:
    """The media type of what an operation answers when it went well: JSON, or what it says in its description."""
    responses = (made.openapi_extra or {}).get("responses", {})
    return next((kind for response in responses.values() for kind in response.get("content", ())), "application/json")


def takes_body(made: Operation) -> bool:
    """Whether an operation reads a body."""
    return any(model.__ninja_param_source__ in BODY_SOURCES for model in made.models)


def takes_file(made: Operation) -> bool:
    """Whether an operation reads a form with a file."""
    return any(model.__ninja_param_source__ == "file" for model in made.models)


def _names(made: Operation, source: str) -> set[str]:
    """What an operation knows by name in its path or its query."""
    return {
        name
        for model in made.models
        if model.__ninja_param_source__ == source
        for name in getattr(model, "__ninja_flatten_map__", model.model_fields)
    }


def _answered(request: HttpRequest, made: Operation, run: Run, keys: dict[str, object]) -> HttpResponseBase:
    if request.method == "GET":
        return _tagged(request, run(request, **keys))
    if request.method == "POST" and "Idempotency-Key" in request.headers:
        return keeping.once(request, lambda: run(request, **keys))
    if "If-Match" in request.headers:
        return _if_unchanged(request, made, run, keys)
    return run(request, **keys)


def _tagged(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """The answer with its tag, or only that nothing has changed (RFC 9110, 13.1.2)."""
    if answer.status_code != 200 or not isinstance(answer, HttpResponse):
        return answer
    answer["ETag"] = tag_of(answer.content)
    answer["Cache-Control"] = "private, no-cache"
    answer["Vary"] = "Authorization, Acting-For"
    if matches(request.headers.get("If-None-Match", ""), answer["ETag"]):
        kept = HttpResponse(status=304)
        for name in ("ETag", "Cache-Control", "Vary"):
            kept[name] = answer[name]
        del kept["Content-Type"]
        return kept
    return answer


@transaction.atomic
def _if_unchanged(request: HttpRequest, made: Operation, run: Run, keys: dict[str, object]) -> HttpResponseBase:
    """Do it if the record is still what the sender saw (RFC 9110, 13.1.1); nobody comes in between."""
    _keep_others_waiting(request.path)
    reading: Operation | None = getattr(made, "reading", None)
    if reading is None:
        raise Refusal(412, _("No condition can be held here"), _("Leave “If-Match” away."))
    now = Operation.run(reading, request, **_for_reading(reading, keys))
    if now.status_code != 200:
        return now
    if not matches(request.headers["If-Match"], tag_of(now.content), weak=False):  # type: ignore[attr-defined]
        raise Refusal(412, _("It has changed meanwhile"), _("Read it again, then send your change with its new ETag."))
    return run(request, **keys)


def _for_reading(reading: Operation, keys: dict[str, object]) -> dict[str, object]:
    known = _names(reading, "path")
    return {name: value for name, value in keys.items() if name in known}


def _keep_others_waiting(path: str) -> None:
    """Let conditional changes of one record queue; SQLite has one writer at a time anyhow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [path])
