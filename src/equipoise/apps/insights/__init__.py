"""The insights feature."""
