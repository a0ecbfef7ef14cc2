"""Addresses of SCIM 2.0, under /scim/v2/."""

from django.urls import path

from equipoise.apps.provisioning.scim import views

app_name = "scim"

urlpatterns = [
    path("", views.root, name="root"),
    path(".search", views.search_all, name="search"),
    path("Bulk", views.in_bulk, name="bulk"),
    path("Me", views.me, name="me"),
    path("ServiceProviderConfig", views.config, name="config"),
    path("ResourceTypes", views.resource_types, name="resource-types"),
    path("ResourceTypes/<str:key>", views.resource_type, name="resource-type"),
    path("Schemas", views.schemas, name="schemas"),
    path("Schemas/<str:key>", views.schema, name="schema"),
    *(
        each
        for endpoint in ("Users", "Groups")
        for each in (
            path(endpoint, views.resources, {"endpoint": endpoint}, name=endpoint.lower()),
            path(
                f"{endpoint}/.search", views.search_resources, {"endpoint": endpoint}, name=f"search-{endpoint.lower()}"
            ),
            path(f"{endpoint}/<str:key>", views.resource, {"endpoint": endpoint}, name=endpoint.lower().rstrip("s")),
        )
    ),
    path("<path:rest>", views.nothing, name="nothing"),
]
