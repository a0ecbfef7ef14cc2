"""Pure science: no Django, clock, files, network or globals."""
