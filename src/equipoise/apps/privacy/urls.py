"""Addresses of the pages about what is kept of people."""

from django.urls import path

from equipoise.apps.privacy.erasing import views as erasing
from equipoise.apps.privacy.own_data import views as own_data
from equipoise.apps.privacy.packs import views as packs
from equipoise.apps.privacy.retention import views as retention
from equipoise.apps.privacy.trail import views as trail

app_name = "privacy"

urlpatterns = [
    path("assisting/", own_data.assisting, name="assisting"),
    path("your-data/", own_data.overview, name="your-data"),
    path("your-data/export", own_data.export, name="export"),
    path("your-data/packages/<int:package_id>", own_data.package, name="package"),
    path("your-data/erase", erasing.erase, name="erase"),
    path("your-data/keep", erasing.keep, name="keep"),
    path("organisation/leavers/", erasing.leavers, name="leavers"),
    path("organisation/leavers/<int:leaver_id>/erase", erasing.erase_leaver, name="erase-leaver"),
    path("organisation/leavers/<int:leaver_id>/keep", erasing.keep_leaver, name="keep-leaver"),
    path("organisation/retention/", retention.retention, name="retention"),
    path("organisation/trail/", trail.trail, name="trail"),
    path("organisation/trail/check", trail.check, name="trail-check"),
    path("organisation/trail/export", trail.export, name="trail-export"),
    path("organisation/privacy-pack/", packs.packs, name="packs"),
    path("organisation/privacy-pack/download", packs.download, name="download-pack"),
    path("privacy/", packs.statement, name="statement"),
]
