"""Change: what the situation calls for."""
