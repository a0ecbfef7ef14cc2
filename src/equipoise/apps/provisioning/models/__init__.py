"""What a directory keeps here of people and groups."""

from equipoise.apps.provisioning.models.directory import DirectoryGroup, DirectoryMember, DirectoryUser, GivenMembership

__all__ = ["DirectoryGroup", "DirectoryMember", "DirectoryUser", "GivenMembership"]
