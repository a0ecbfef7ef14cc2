"""Provisioning: SCIM, groups of a directory, spreadsheets."""
