"""The criteria as anyone may read them."""
