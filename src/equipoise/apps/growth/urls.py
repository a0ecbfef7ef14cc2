"""Addresses of the growth pages."""

from django.urls import URLPattern

app_name = "growth"

urlpatterns: list[URLPattern] = []
