"""What may be told of a group, so that nobody in it can be found out; usable as a library of its own."""
