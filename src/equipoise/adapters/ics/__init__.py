"""Read calendars in the iCalendar format (RFC 5545) as they really are."""
