"""What is kept of what comes from elsewhere: a directory's users and groups."""

from django.utils.translation import gettext_lazy as _

from equipoise.platform.access import Audience
from equipoise.platform.records import WITH_PERSON, Ground, Keeping, Kind

KINDS = (
    Kind(
        key="directory",
        name=_("The directory's record of a person"),
        holds=_(
            "User name, names, addresses, title, department, manager, language and time zone, as the organisation's "
            "directory last said them; no password, telephone number, photograph or postal address"
        ),
        models=("provisioning.DirectoryUser",),
        purpose=_("The directory keeps people here in step with its own, and finds what it said"),
        ground=Ground.INTEREST,
        source=_("The organisation's directory, by SCIM"),
        records=("users and groups of a directory",),
        seen_by=frozenset({Audience.DIRECTORY}),
        exported=("directory",),
        erased=_("When the directory drops the person, or with the person"),
        keeping=Keeping(words=_("Until the directory drops the person, or the person is erased")),
    ),
    Kind(
        key="directory_groups",
        name=_("Groups of the directory"),
        holds=_("Names of groups, who is in them, and the team or role each of them means"),
        models=("provisioning.DirectoryGroup", "provisioning.DirectoryMember", "provisioning.GivenMembership"),
        purpose=_("Teams and roles follow the groups of the organisation's directory"),
        ground=Ground.INTEREST,
        source=_("The organisation's directory, by SCIM; what a group means, an administrator"),
        records=("groups of a directory",),
        seen_by=frozenset({Audience.ADMINISTRATOR}),
        seeing=_("The directory sees them, too"),
        exported=("directory_groups",),
        erased=WITH_PERSON,
        keeping=Keeping(words=_("Until the directory drops the group; who is in it, until the person is erased")),
    ),
    Kind(
        key="tables",
        name=_("Tables of people and teams that were read in"),
        holds=_(
            "What a table says, until it is carried out or dropped; then counts, and for 30 days what the people and "
            "teams were before, so that it can be undone. The file itself is not kept"
        ),
        models=("provisioning.SpreadsheetImport", "provisioning.ImportedRow"),
        purpose=_("Many people and teams are added or changed at once, looked at first and undone as one"),
        ground=Ground.INTEREST,
        source=_("An administrator, or the personnel system the table comes from"),
        records=("tables of people and teams",),
        seen_by=frozenset({Audience.ADMINISTRATOR}),
        not_exported=_("What it says stands under people and teams; what was before goes after 30 days"),
        erased=_("What was before goes with the person; that there was an import stays, as counts"),
        keeping=Keeping(words=_("7 days until it is carried out, 30 days to undo it; counts stay")),
    ),
)
