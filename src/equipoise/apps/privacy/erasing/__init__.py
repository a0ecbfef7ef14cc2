"""Erasing a person with all their records: after a waiting time, exactly once, for good."""
