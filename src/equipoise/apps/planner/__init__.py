"""The planner: a week proposed, accepted, written out, and what came of it."""
