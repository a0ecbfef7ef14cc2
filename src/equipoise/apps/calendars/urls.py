"""Addresses of the calendar pages."""

from django.urls import path

from equipoise.apps.calendars import views

app_name = "calendars"

urlpatterns = [
    path("", views.week, name="week"),
    path("entries/<int:entry_id>/", views.entry, name="entry"),
    path("entries/<int:entry_id>/purpose", views.correct, name="correct"),
    path("corrections/<int:correction_id>/undo", views.undo, name="undo"),
    path("review/", views.review, name="review"),
    path("rules/", views.rules, name="rules"),
    path("rules/<int:rule_id>/drop", views.drop_rule, name="drop-rule"),
    path("sources/", views.sources, name="sources"),
    path("sources/<int:calendar_id>/again", views.read_again, name="read-again"),
    path("sources/<int:calendar_id>/erase", views.erase, name="erase"),
    path("imports/<int:import_id>/", views.reading, name="import"),
]
