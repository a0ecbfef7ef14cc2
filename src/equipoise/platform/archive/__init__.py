"""The whole organisation in one file: written, checked, and read into an empty database of either kind."""
