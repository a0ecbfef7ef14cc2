"""The organisation: people come and go, teams form, move and end; every change holds from a day."""
