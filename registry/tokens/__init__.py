"""API tokens of a company: its owners make them, programs read its own data with them."""
