"""What a directory's groups mean here: a team, a role, or nothing."""
