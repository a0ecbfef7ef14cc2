"""Django helpers with no feature in them."""
