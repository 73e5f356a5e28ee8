"""Concerns about products for everybody: what to do in danger, the form, and following one by its code."""
