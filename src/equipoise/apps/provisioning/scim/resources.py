"""What of SCIM's schemas is kept here, as its models; and what the service tells about itself.

Everything a request holds is read with these models and everything answered is written with them. What is of no use
here is left out of the schemas, and not kept when it is sent: passwords, telephone numbers, addresses, photographs,
certificates.
"""

from typing import Annotated, Any, ClassVar, Union

from pydantic import Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    ExtensibleStringEnum,
    Extension,
    Filter,
    GroupMembership,
    Mutability,
    Name,
    Pagination,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    Returned,
    Schema,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models.resources.resource import AnyExtension

MOST_RESULTS = 1000
MOST_OPERATIONS = 1000
MOST_BYTES = 4_000_000


class Manager(ComplexAttribute):
    """Whom somebody reports to; what stands in `value` is their id, or what the directory knows them by."""

    value: Annotated[str | None, CaseExact.true] = None
    """The id of the SCIM resource representing the User's manager."""

    ref: Annotated[Reference["User"] | None, Mutability.read_write] = Field(  # type: ignore[type-arg]
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The URI of the SCIM resource representing the User's manager."""

    display_name: Annotated[str | None, Mutability.read_only, Returned.request] = None
    """The displayName of the User's manager."""


class EnterpriseUser(Extension):
    """Enterprise User."""

    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    employee_number: str | None = None
    """Numeric or alphanumeric identifier assigned to a person by the organization."""

    cost_center: str | None = None
    """Identifies the name of a cost center."""

    organization: str | None = None
    """Identifies the name of an organization."""

    division: str | None = None
    """Identifies the name of a division."""

    department: str | None = None
    """Identifies the name of a department."""

    manager: Manager | None = None
    """The User's manager; the main reporting line follows it."""


class Email(ComplexAttribute):
    """An e-mail address, of whatever form the directory has it in."""

    class Type(ExtensibleStringEnum):
        """What it is used for."""

        work = "work"
        home = "home"
        other = "other"

    value: str | None = None
    """Email addresses for the user."""

    type: Type | None = None
    """A label indicating the attribute's function, e.g., 'work' or 'home'."""

    primary: bool | None = None
    """Whether this is the preferred address, by which the person is recognised."""


class User(Resource[AnyExtension]):
    """User Account."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """Unique identifier for the User, whatever its case."""

    name: Name | None = None
    """The components of the user's real name."""

    display_name: str | None = None
    """The name of the User, suitable for display to end-users."""

    nick_name: str | None = None
    """The casual way to address the user in real life."""

    title: str | None = None
    """The user's title, such as "Vice President"."""

    user_type: str | None = None
    """Used to identify the relationship between the organization and the user."""

    preferred_language: str | None = None
    """Indicates the User's preferred written or spoken language."""

    locale: str | None = None
    """Used to indicate the User's default location for purposes of localizing items."""

    timezone: str | None = None
    """The User's time zone in the time zone database format, e.g. Europe/Berlin."""

    active: bool | None = None
    """Whether the User is let in; false means that they left, and erases nothing."""

    emails: list[Email] | None = None
    """Email addresses for the user."""

    Emails: ClassVar[type[ComplexAttribute]] = Email

    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None
    """The groups the user directly belongs to."""

    Groups: ClassVar[type[ComplexAttribute]] = GroupMembership


class GroupMember(ComplexAttribute):
    """A user or a group in a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """Identifier of the member of this Group."""

    ref: Annotated[Reference[Union["User", "Group"]] | None, Mutability.immutable] = Field(  # type: ignore[type-arg]
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The URI of the member."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User", "Group"])
    """A label indicating the type of resource, e.g., 'User' or 'Group'."""


class Group(Resource[Any]):
    """Group."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    """A human-readable name for the Group."""

    members: list[GroupMember] | None = None
    """The users and groups of the Group."""

    Members: ClassVar[type[ComplexAttribute]] = GroupMember


FullUser: Any = User[EnterpriseUser]
"""A user with what the enterprise extension says of them."""

POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""How requests may depart from the letter of the RFC, as the directories in use do."""

CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=True, max_operations=MOST_OPERATIONS, max_payload_size=MOST_BYTES),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    pagination=Pagination(
        cursor=False,
        index=True,
        default_pagination_method=Pagination.DefaultPaginationMethod("index"),
        default_page_size=MOST_RESULTS,
        max_page_size=MOST_RESULTS,
    ),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type("oauthbearertoken"),
            name="Token of the organisation",
            description="A token with the scope scim, sent as “Authorization: Bearer …”.",
            primary=True,
        )
    ],
)

PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, Group, ServiceProviderConfig, ResourceType, Schema],
    resource_types=[ResourceType.from_resource(FullUser), ResourceType.from_resource(Group)],
    config=CONFIG,
    policy=POLICY,
)
"""Everything the service tells about itself."""
