"""Addresses of the pages on a directory's groups."""

from django.urls import path

from equipoise.apps.provisioning.groups import views

app_name = "groups"

urlpatterns = [
    path("", views.groups, name="groups"),
    path("<int:group_id>/", views.group, name="group"),
]
