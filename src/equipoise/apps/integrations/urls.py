"""Addresses of the pages of tokens and webhooks."""

from django.urls import path

from equipoise.apps.integrations import views
from equipoise.apps.integrations.webhooks import views as webhooks

app_name = "integrations"

urlpatterns = [
    path("settings/tokens/", views.tokens, name="tokens"),
    path("settings/tokens/<int:token_id>/end", views.end_token, name="end-token"),
    path("settings/webhooks/", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/<int:webhook_id>/", webhooks.webhook, name="webhook"),
    path("settings/webhooks/<int:webhook_id>/act", webhooks.act, name="webhook-act"),
    path("organisation/tokens/", views.organisation_tokens, name="organisation-tokens"),
    path(
        "organisation/tokens/<int:organisation_token_id>/end",
        views.end_organisation_token,
        name="end-organisation-token",
    ),
    path("organisation/webhooks/", webhooks.organisation_webhooks, name="organisation-webhooks"),
    path(
        "organisation/webhooks/<int:organisation_webhook_id>/",
        webhooks.organisation_webhook,
        name="organisation-webhook",
    ),
    path(
        "organisation/webhooks/<int:organisation_webhook_id>/act",
        webhooks.act_for_organisation,
        name="organisation-webhook-act",
    ),
]
