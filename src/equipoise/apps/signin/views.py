"""Pages for signing in and for what one signs in with, made of those of django-allauth."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.apps.signin import actions, queries
from equipoise.platform.access import Audience, View, page
from equipoise.platform.finding import found_or_404

BOTH = ("GET", "POST")
BACK = reverse_lazy("mfa_index")


def outside_the_demo(view: View) -> View:
    """People of the demo agency sign in with nothing: for them the page is not there."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, Person) and request.user.is_demo:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


def telling_errors(view: View) -> View:
    """What was refused is answered with 400, as on all other pages; theirs answer 200 and stand in no section."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        told = getattr(response, "context_data", None) or {}
        told.setdefault("section", "settings")
        form = told.get("form")
        if request.method == "POST" and response.status_code == 200 and getattr(form, "errors", None):
            response.status_code = 400
        return response

    return checked


def of_own(view: View) -> View:
    """A page about one passkey of one's own; whose it is, is looked up before the password is asked for."""

    @wraps(view)
    def checked(request: HttpRequest, pk: int) -> HttpResponseBase:
        found_or_404(lambda: queries.passkey_of(person_of(request), pk))
        return view(request, pk=pk)

    return checked


def in_the_trail(view: View) -> View:
    """A page that changes what one signs in with."""

    @wraps(view)
    def noted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with actions.noting_steps(person=person_of(request), now=timezone.now()):
            return view(request, *args, **kwargs)

    return noted


def own(record: str, *methods: str) -> Callable[[View], View]:
    """A page of the signed-in person's own, outside the demo."""
    return lambda view: page(record, methods=methods or BOTH)(outside_the_demo(telling_errors(view)))


class SignIn(account.LoginView):
    """Asks for address and password, or leads to a passkey or a server elsewhere."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the servers elsewhere; the form is left out where only they let in, unless it is asked for."""
        local = not queries.policy().only_elsewhere or "local" in self.request.GET or self.request.method == "POST"
        return {**super().get_context_data(**kwargs), "ways": queries.ways_elsewhere(), "local": local}


class Security(second.IndexView):
    """What somebody signs in with, and where they are signed in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With passkeys, codes and sessions."""
        person = person_of(self.request)
        return {
            **super().get_context_data(**kwargs),
            "section": "settings",
            "passkeys": queries.passkeys_of(person),
            "sessions": queries.sessions_of(person),
            "connected": queries.connected_to(person),
        }


sign_in = page("sign-in", audience=Audience.ANYONE, methods=BOTH)(telling_errors(SignIn.as_view()))
sign_out = page("own session", audience=Audience.ANYONE, methods=("POST",))(account.logout)
second_step = page("sign-in", audience=Audience.ANYONE, methods=BOTH)(telling_errors(second.authenticate))
sign_in_by_passkey = page("sign-in", audience=Audience.ANYONE, methods=BOTH)(passkeys.login_webauthn)

first_password = own("own password")(account.password_set)
other_password = own("own password")(account.password_change)
password_again = own("own sign-in")(account.reauthenticate)
code_again = own("own sign-in")(second.reauthenticate)
passkey_again = own("own sign-in")(passkeys.reauthenticate_webauthn)

security = own("own sign-in", "GET")(Security.as_view())
app_on = own("own sign-in")(in_the_trail(app.activate_totp))
app_off = own("own sign-in")(in_the_trail(app.deactivate_totp))
recovery_codes = own("own sign-in", "GET")(codes.view_recovery_codes)
recovery_codes_file = own("own sign-in", "GET")(codes.download_recovery_codes)
new_recovery_codes = own("own sign-in")(in_the_trail(codes.generate_recovery_codes))
new_passkey = own("own sign-in")(in_the_trail(passkeys.add_webauthn))
passkey_name = own("own sign-in")(of_own(passkeys.EditWebAuthnView.as_view(success_url=BACK)))
passkey_off = own("own sign-in")(of_own(in_the_trail(passkeys.RemoveWebAuthnView.as_view(success_url=BACK))))
other_sessions = own("own session", "POST")(sessions.ListUserSessionsView.as_view(success_url=BACK))


@own("own session", "POST")
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one session of one's own."""
    session = found_or_404(lambda: queries.session_of(person_of(request), session_id))
    actions.end_session(actor=actor_of(request), session=session, now=timezone.now())
    messages.success(request, _("That session has ended."))
    return redirect("mfa_index")
