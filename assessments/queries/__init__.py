"""Every question asked of the tables, one function each, by noun."""
