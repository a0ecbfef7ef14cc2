"""From calendar entries to hours per facet per week, with how sure that is."""
