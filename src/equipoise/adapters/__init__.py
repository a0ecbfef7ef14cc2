"""Readers and writers of the outside world; they return values of the core."""
