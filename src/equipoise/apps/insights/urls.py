"""Addresses of the pages that bring everything together."""

from django.urls import path

from equipoise.apps.insights import views
from equipoise.apps.insights.digest import views as digest
from equipoise.apps.insights.teams import views as teams
from equipoise.apps.insights.welcome import views as welcome

app_name = "insights"

urlpatterns = [
    path("", views.this_week, name="this-week"),
    path("jump/", views.jump, name="jump"),
    path("balance/", views.balance, name="balance"),
    path("balance/entries/", views.made_of, name="made-of"),
    path("balance/unplanned", views.unplanned, name="unplanned"),
    path("welcome/", welcome.first_run, name="welcome"),
    path("welcome/demo", welcome.demo, name="demo"),
    path("welcome/calendar/", welcome.own_calendar, name="own-calendar"),
    path("organisation/balance/", teams.overview, name="organisation-balance"),
    path("organisation/balance/table.csv", teams.table, name="organisation-table"),
    path("organisation/balance/counting", teams.count_in, name="count-in"),
    path("organisation/balance/teams/<int:balance_team_id>/", teams.team, name="team-balance"),
    path("digest/", digest.digest, name="digest"),
    path("digest/off/<str:digest_token>", digest.off, name="digest-off"),
]
