"""Sign-in: passwords, second factors, passkeys, sign-on elsewhere."""
