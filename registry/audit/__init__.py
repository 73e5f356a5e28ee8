"""Auditors: the files they may read, their notes, and the case files they take away."""
