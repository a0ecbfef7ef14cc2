"""Signing in elsewhere: what django-allauth asks us about it."""

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest


class Elsewhere(DefaultSocialAccountAdapter):
    """Lets in whom a provider of the organisation vouches for."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody makes an account for themselves."""
        return False
