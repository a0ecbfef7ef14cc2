"""One's own data: who touched it, all of it to take along, all of it erased."""
