"""SCIM 2.0 (RFC 7642 to 7644): a directory keeps people and groups here in step with its own."""
