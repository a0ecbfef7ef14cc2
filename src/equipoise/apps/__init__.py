"""One folder per feature; each is a thin Django shell around the core."""
