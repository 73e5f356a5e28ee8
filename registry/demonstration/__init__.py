"""The demonstration: a whole database of fictional companies and products, made by the real verbs."""
