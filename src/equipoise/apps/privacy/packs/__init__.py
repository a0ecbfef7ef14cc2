"""What is kept of people, told from the register and the settings as they are."""
