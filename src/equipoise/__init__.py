"""Equipoise: lead and manage in balance."""
