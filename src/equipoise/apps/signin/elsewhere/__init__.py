"""Signing in at a server elsewhere: OpenID Connect and SAML."""
