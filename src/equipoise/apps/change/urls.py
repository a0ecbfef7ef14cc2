"""Addresses of the change pages."""

from django.urls import path

from equipoise.apps.change import views

app_name = "change"

urlpatterns = [
    path("", views.situation, name="situation"),
    path("scan/", views.scan, name="scan"),
    path("scans/<int:scan_id>/", views.past_scan, name="past-scan"),
    path("own-band/", views.own_band, name="own-band"),
    path("own-bands/<int:override_id>/drop", views.drop_band, name="drop-band"),
    path("own-bands/<int:override_id>/back", views.bring_band_back, name="bring-band-back"),
]
