"""How people come in: what django-allauth asks us while it checks passwords and lets in."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from equipoise.apps.people.assistants import acting
from equipoise.apps.people.assistants.actions import note_acting
from equipoise.apps.people.assistants.queries import lands_on
from equipoise.apps.people.models import Person
from equipoise.apps.signin import actions, queries
from equipoise.platform.callers import host_of
from equipoise.platform.returning import page_of_ours

NO_MATCH = gettext_lazy("That address and password do not match. Check both and try again.")


class Entrance(DefaultAccountAdapter):
    """Tells nobody who has an account, and lets strangers lock nobody out."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": NO_MATCH,
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait a quarter of an hour, then try again."),
        "incorrect_password": gettext_lazy("That is not your password. Try again."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """The host, as far as it can be believed."""
        return host_of(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failures count for an address together with the host they come from: others cannot lock somebody out."""
        return f"{host_of(request)}\n{str(credentials.get('email', '')).strip().lower()}"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """The person with this address and password, if they may come in by it; the answer is the same for all else."""
        person = super().authenticate(request, **credentials)
        return person if isinstance(person, Person) and queries.may_sign_in_here(person) else None

    def reauthenticate(self, user: Person, password: str) -> bool:
        """Whether it is the password of whoever is signed in."""
        found = super().authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse | None:
        """Turn back whoever left, and whoever has to sign in elsewhere but came with a passkey of this server."""
        elsewhere = "sociallogin" in (kwargs.get("signal_kwargs") or {})
        if not user.is_active or not (elsewhere or queries.may_sign_in_here(user)):
            messages.error(request, _("You cannot sign in this way. Ask your administrator."))
            return redirect("account_login")
        return None

    def login(self, request: HttpRequest, user: Person) -> None:
        """Let in, and write down by what."""
        super().login(request, user)
        records = request.session.get("account_authentication_methods") or [{}]
        ways = [str(each.get("provider") or each.get("type") or each.get("method") or "") for each in records]
        actions.note_sign_in(person=user, way=", ".join(dict.fromkeys(way for way in ways if way)), now=timezone.now())

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Lead on; an assistant without a calendar of their own comes out on the owner's pages."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        assistance = lands_on(user)
        if assistance is not None:
            note_acting(assistance=assistance, now=timezone.now())
            acting.begin(request, assistance)
        return response

    def is_safe_url(self, url: str) -> bool:
        """Whether one may be led on to it: only to pages of this server, whatever names it answers to."""
        return bool(url and page_of_ours(context.request, url))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the page about signing in."""
        return reverse("mfa_index")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Strangers make no account for themselves."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No mail is sent about signing in."""
