"""Addresses of the pages about the person."""

from django.urls import path

from equipoise.apps.people import views

app_name = "people"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("settings/", views.settings, name="settings"),
    path("settings/password/", views.password, name="password"),
    path("demo/look-as", views.look_as, name="look-as"),
    path("help/", views.help_page, name="help"),
]
