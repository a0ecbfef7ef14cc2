"""Privacy: own data, erasure, retention, the trail."""
