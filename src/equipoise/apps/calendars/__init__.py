"""The calendars feature."""
