"""Webhooks: other programs are told that something was done, by the Standard Webhooks scheme; never what it held."""
