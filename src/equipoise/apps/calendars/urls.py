"""Addresses of the calendar pages."""

from django.urls import path

from equipoise.apps.calendars import source_views, views

app_name = "calendars"

urlpatterns = [
    path("", views.week, name="week"),
    path("entries/<int:entry_id>/", views.entry, name="entry"),
    path("entries/<int:entry_id>/purpose", views.correct, name="correct"),
    path("corrections/<int:correction_id>/undo", views.undo, name="undo"),
    path("review/", views.review, name="review"),
    path("rules/", views.rules, name="rules"),
    path("rules/<int:rule_id>/drop", views.drop_rule, name="drop-rule"),
    path("entries/<int:entry_id>/movable", views.movable, name="movable"),
    path("sources/", source_views.sources, name="sources"),
    path("sources/<int:calendar_id>/again", source_views.read_again, name="read-again"),
    path("sources/<int:calendar_id>/pause", source_views.pause, name="pause"),
    path("sources/<int:calendar_id>/erase", source_views.erase, name="erase"),
    path("sources/<int:calendar_id>/disconnect", source_views.disconnect, name="disconnect"),
    path("accounts/connect", source_views.connect, name="connect"),
    path("accounts/<int:account_id>/", source_views.account, name="account"),
    path("accounts/<int:account_id>/again", source_views.look_again, name="look-again"),
    path("accounts/<int:account_id>/password", source_views.password, name="account-password"),
    path("accounts/<int:account_id>/disconnect", source_views.disconnect_account, name="disconnect-account"),
    path("imports/<int:import_id>/", views.reading, name="import"),
]
