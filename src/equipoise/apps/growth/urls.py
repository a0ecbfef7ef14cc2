"""Addresses of the growth pages."""

from django.urls import path

from equipoise.apps.growth import views

app_name = "growth"

urlpatterns = [
    path("", views.overview, name="reflections"),
    path("search/", views.search, name="search"),
    path("begin", views.begin, name="begin"),
    path("reminders", views.reminders, name="reminders"),
    path("download", views.download, name="download"),
    path("<int:reflection_id>/", views.reflection, name="reflection"),
    path("<int:reflection_id>/write/", views.write, name="write"),
    path("<int:reflection_id>/remove", views.remove, name="remove"),
    path("<int:removed_id>/put-back", views.put_back, name="put-back"),
    path("<int:removed_id>/erase", views.erase, name="erase"),
]
