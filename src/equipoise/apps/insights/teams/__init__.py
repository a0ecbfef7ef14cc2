"""Balance of teams and of the organisation: by month, and only what the release rules let be told."""
