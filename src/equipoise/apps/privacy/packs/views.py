"""What is kept of people, for everybody; and the documents an organisation needs about it."""

from collections.abc import Callable, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from equipoise.apps.people.requests import actor_of
from equipoise.apps.privacy.packs import statements
from equipoise.apps.privacy.packs.document import Document, as_markdown, as_page
from equipoise.platform.access import Audience, page

PACKS: Mapping[str, Callable[[], Document]] = {
    "record": statements.data_protection_record,
    "council": statements.council_pack,
    "statement": statements.statement,
}
ANSWERS_FOR_IT = (Audience.ADMINISTRATOR, Audience.PARTNER, Audience.AUDITOR)


@page("what is kept of people", audience=Audience.MEMBER)
def statement(request: HttpRequest) -> HttpResponse:
    """What everybody should know."""
    context = {"section": "settings", "document": statements.statement()}
    return render(request, "privacy/statement.html", context)


@page("statements on data protection", audience=ANSWERS_FOR_IT)
def packs(request: HttpRequest) -> HttpResponse:
    """The documents, to read and to download."""
    wanted = request.GET.get("what", "record")
    if wanted not in PACKS:
        raise Http404
    context = {
        "section": "settings",
        "document": PACKS[wanted](),
        "documents": [(key, make().title) for key, make in PACKS.items()],
        "reader": actor_of(request),
    }
    return render(request, "privacy/packs.html", context)


@page("statements on data protection", audience=ANSWERS_FOR_IT)
def download(request: HttpRequest) -> HttpResponse:
    """One of them as a file, in one of the languages."""
    wanted, kind = request.GET.get("what", "record"), request.GET.get("as", "html")
    language = request.GET.get("language", translation.get_language())
    if wanted not in PACKS or kind not in {"html", "md"} or language not in {"en", "de"}:
        raise Http404
    with translation.override(language):
        document = PACKS[wanted]()
        body = as_markdown(document) if kind == "md" else as_page(document)
    types = {"md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8"}
    response = HttpResponse(body, content_type=types[kind])
    name = f"equipoise-{wanted}-{language}-{timezone.localdate():%Y-%m-%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
