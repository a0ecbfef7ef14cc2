"""What the situation calls for: signals, rules and the need profile."""
