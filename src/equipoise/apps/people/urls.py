"""Addresses of the pages about the person."""

from django.urls import path

from equipoise.apps.people import views
from equipoise.apps.people.assistants import views as assistants
from equipoise.apps.people.joining import views as joining
from equipoise.apps.people.organising import administering, arranging
from equipoise.apps.people.organising import views as organising

app_name = "people"

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/assistants/", assistants.assistants, name="assistants"),
    path("settings/assistants/<int:assistance_id>/end", assistants.end, name="end-assistance"),
    path("settings/assistants/invitations/<int:invitation_id>/revoke", assistants.revoke, name="revoke-invitation"),
    path("invitations/<str:secret>/", assistants.invitation, name="invitation"),
    path("assisting/<int:assisted_id>/begin", assistants.begin, name="act-for"),
    path("assisting/<int:assisted_id>/leave", assistants.leave, name="leave"),
    path("assisting/back", assistants.back, name="act-for-oneself"),
    path("demo/look-as", views.look_as, name="look-as"),
    path("help/", views.help_page, name="help"),
    path("join/<str:joining_secret>/", joining.join, name="join"),
    path("people/", organising.directory, name="directory"),
    path("people/add/", administering.add_person, name="add-person"),
    path("people/links/", joining.joinings, name="joinings"),
    path("people/<int:person_id>/", organising.person, name="person"),
    path("people/<int:person_id>/change/", administering.change_person, name="change-person"),
    path("people/<int:person_id>/position/", arranging.position, name="position"),
    path("people/<int:person_id>/lines/", arranging.lines, name="lines"),
    path("people/<int:person_id>/roles/", administering.roles, name="roles"),
    path("people/<int:person_id>/roles/take", administering.take_role, name="take-role"),
    path("people/<int:person_id>/leaving/", administering.leaving, name="leaving"),
    path("people/<int:person_id>/stay", administering.stay, name="stay"),
    path("people/<int:person_id>/come-back", administering.come_back, name="come-back"),
    path("people/<int:person_id>/link", joining.make, name="make-joining"),
    path("people/<int:person_id>/link/revoke", joining.revoke, name="revoke-joining"),
    path("people/teams/", organising.teams, name="teams"),
    path("people/teams/add/", administering.add_team, name="add-team"),
    path("people/teams/<int:team_id>/", organising.team, name="team"),
    path("people/teams/<int:team_id>/members/", arranging.add_member, name="add-member"),
    path("people/teams/<int:team_id>/members/<int:person_id>/", arranging.belonging, name="belonging"),
    path("people/teams/<int:team_id>/change/", administering.change_team, name="change-team"),
    path("people/teams/<int:team_id>/rename", administering.rename_team, name="rename-team"),
    path("people/teams/<int:team_id>/move", administering.move_team, name="move-team"),
    path("people/teams/<int:team_id>/end", administering.end_team, name="end-team"),
]
