"""The addresses of all features."""

from django.urls import include, path

urlpatterns = [
    path("", include("equipoise.apps.insights.urls")),
    path("", include("equipoise.apps.people.urls")),
    path("", include("equipoise.apps.signin.urls")),
    path("", include("equipoise.apps.privacy.urls")),
    path("", include("equipoise.apps.integrations.urls")),
    path("calendar/", include("equipoise.apps.calendars.urls")),
    path("situation/", include("equipoise.apps.change.urls")),
    path("plan/", include("equipoise.apps.planner.urls")),
    path("reflection/", include("equipoise.apps.growth.urls")),
    path("api/v1/", include("equipoise.config.api")),
    path("organisation/groups/", include("equipoise.apps.provisioning.groups.urls")),
    path("organisation/", include("equipoise.apps.provisioning.spreadsheets.urls")),
    path("scim/v2/", include("equipoise.apps.provisioning.scim.urls")),
]

handler400 = "equipoise.apps.people.views.bad_request"
handler403 = "equipoise.apps.people.views.forbidden"
handler404 = "equipoise.apps.people.views.not_found"
handler500 = "equipoise.apps.people.views.server_error"
