"""Addresses of the pages about the person."""

from django.urls import path

from equipoise.apps.people import views
from equipoise.apps.people.assistants import views as assistants

app_name = "people"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("settings/", views.settings, name="settings"),
    path("settings/password/", views.password, name="password"),
    path("settings/assistants/", assistants.assistants, name="assistants"),
    path("settings/assistants/<int:assistance_id>/end", assistants.end, name="end-assistance"),
    path("settings/assistants/invitations/<int:invitation_id>/revoke", assistants.revoke, name="revoke-invitation"),
    path("invitations/<str:secret>/", assistants.invitation, name="invitation"),
    path("assisting/<int:assisted_id>/begin", assistants.begin, name="act-for"),
    path("assisting/<int:assisted_id>/leave", assistants.leave, name="leave"),
    path("assisting/back", assistants.back, name="act-for-oneself"),
    path("demo/look-as", views.look_as, name="look-as"),
    path("help/", views.help_page, name="help"),
]
