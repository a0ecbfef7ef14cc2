"""What was asked once is done once: a request sent again with the same key gets the first answer again.

The key (header `Idempotency-Key`) holds for a token and for 24 hours. Only what went well is kept; what was refused
changed nothing, and may be sent again with the same key. The answer is kept in the transaction of the act, sealed.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from equipoise.platform import vault
from equipoise.platform.api.declaring import token_of
from equipoise.platform.api.errors import CannotBe, Refusal
from equipoise.platform.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(minutes=5)
"""A request that has not been answered for so long died with its server; its key is free again."""

_BUSY = gettext_lazy("The same request is being answered right now. Ask again in a moment.")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def once(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The first answer to this request, made now unless it was made before.

    Raises:
        Refusal: The key will not do, or belongs to another request (422).
        CannotBe: The same request is being answered right now (409).
    """
    key = request.headers["Idempotency-Key"]
    if not _KEY.fullmatch(key):
        raise Refusal(422, _("The key will not do"), _("“Idempotency-Key” takes 1 to 200 visible ASCII characters."))
    now = timezone.now()
    digest = _digest_of(request)
    begun, fresh = _begin(request, key, digest, now)
    if not fresh:
        return _again(begun, digest)
    return _kept(begun, answer)


def _begin(request: HttpRequest, key: str, digest: str, now: datetime) -> tuple[KeptAnswer, bool]:
    token_id = token_of(request).token_id
    mine = KeptAnswer.objects.filter(token_id=token_id, key=key)
    mine.filter(at__lte=now - KEPT_FOR).delete()
    mine.filter(status=None, at__lte=now - GIVEN_UP_AFTER).delete()
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(
                token_id=token_id, person_id=request.user.pk, key=key, request_digest=digest, at=now
            ), True
    except IntegrityError:
        found = mine.first()
        if found is None:  # it was refused just now, and its key is free again
            raise CannotBe(_BUSY) from None
        return found, False


def _again(kept: KeptAnswer, digest: str) -> HttpResponse:
    if kept.request_digest != digest:
        raise Refusal(
            422, _("This key belongs to another request"), _("Take a new “Idempotency-Key” for each request.")
        )
    if kept.status is None:
        raise CannotBe(_BUSY)
    held = json.loads(vault.unseal(kept.sealed))
    answer = HttpResponse(held["body"].encode(), status=kept.status, headers=held["headers"])
    answer["Idempotency-Replayed"] = "true"
    return answer


def _kept(begun: KeptAnswer, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    done = False
    try:
        with transaction.atomic():
            found = answer()
            done = found.status_code < 400 and isinstance(found, HttpResponse)
            if done:
                _keep(begun, found)  # type: ignore[arg-type]
            else:
                transaction.set_rollback(True)
        return found
    finally:
        if not done:
            KeptAnswer.objects.filter(pk=begun.pk).delete()


def _keep(begun: KeptAnswer, answer: HttpResponse) -> None:
    held = {"body": answer.content.decode(), "headers": dict(answer.items())}
    begun.status, begun.sealed = answer.status_code, vault.seal(json.dumps(held))
    begun.save(update_fields=["status", "sealed"])


def _digest_of(request: HttpRequest) -> str:
    told = [request.method, request.get_full_path(), request.headers.get("Acting-For", "")]
    digest = hashlib.sha256(json.dumps(told).encode() + b"\0")
    if request.content_type == "multipart/form-data":  # files may be larger than what is held in memory
        for name in sorted(request.FILES):
            for file in request.FILES.getlist(name):
                digest.update(f"{name}\0{file.name}\0".encode())
                for chunk in file.chunks():
                    digest.update(chunk)
                file.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def forget_answers(*, now: datetime) -> None:
    """Delete the answers that were kept long enough."""
    KeptAnswer.objects.filter(at__lte=now - KEPT_FOR).delete()
