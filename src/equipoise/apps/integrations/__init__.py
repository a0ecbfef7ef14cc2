"""Integrations: tokens for the API, webhooks."""
