"""What a directory keeps here of people and groups, and tables that were read in."""

from equipoise.apps.provisioning.models.directory import DirectoryGroup, DirectoryMember, DirectoryUser, GivenMembership
from equipoise.apps.provisioning.models.spreadsheets import ImportedRow, SpreadsheetImport

__all__ = [
    "DirectoryGroup",
    "DirectoryMember",
    "DirectoryUser",
    "GivenMembership",
    "ImportedRow",
    "SpreadsheetImport",
]
