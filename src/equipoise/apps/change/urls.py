"""Addresses of the change pages."""

from django.urls import URLPattern

app_name = "change"

urlpatterns: list[URLPattern] = []
