"""Bands in words."""
