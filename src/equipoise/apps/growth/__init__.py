"""Growth: guided reflection."""
