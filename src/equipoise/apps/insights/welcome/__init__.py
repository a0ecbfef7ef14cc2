"""The first run: the demo agency, or the own calendar."""
