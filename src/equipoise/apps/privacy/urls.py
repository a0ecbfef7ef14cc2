"""Addresses of the pages about what is kept of people."""

from django.urls import path

from equipoise.apps.privacy.own_data import views as own_data

app_name = "privacy"

urlpatterns = [
    path("assisting/", own_data.assisting, name="assisting"),
    path("your-data/", own_data.overview, name="your-data"),
    path("your-data/export", own_data.export, name="export"),
    path("your-data/erase", own_data.erase, name="erase"),
]
