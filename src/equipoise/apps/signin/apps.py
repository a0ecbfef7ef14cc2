"""Registers how people sign in."""

from django.apps import AppConfig


class SignInConfig(AppConfig):
    """Passwords, second factors, passkeys, and sign-on elsewhere."""

    name = "equipoise.apps.signin"
    label = "signin"
