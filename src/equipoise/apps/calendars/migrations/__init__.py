"""Migrations of calendars."""
