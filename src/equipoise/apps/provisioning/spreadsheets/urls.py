"""Addresses of the pages on tables of people and teams."""

from django.urls import path

from equipoise.apps.provisioning.spreadsheets import views

app_name = "spreadsheets"

urlpatterns = [
    path("import/", views.imports, name="imports"),
    path("import/template/<str:table>", views.template, name="template"),
    path("import/<int:spreadsheet_id>/", views.one_import, name="import"),
    path("import/<int:spreadsheet_id>/leavers", views.leavers, name="leavers"),
    path("import/<int:spreadsheet_id>/confirm", views.confirm, name="confirm"),
    path("import/<int:spreadsheet_id>/drop", views.drop, name="drop"),
    path("import/<int:carried_out_id>/undo/", views.undo, name="undo"),
    path("export/<str:table>", views.export, name="export"),
    path("archive/", views.archive, name="archive"),
]
