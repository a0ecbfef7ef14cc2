"""The evidence joined: where one stands beside what the situation calls for."""
