"""Addresses of the planner pages."""

from django.urls import URLPattern

app_name = "planner"

urlpatterns: list[URLPattern] = []
