"""People and teams from tables: looked at first, then carried out as one, and undone as one."""
