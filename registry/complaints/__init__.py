"""Complaints about the club itself: the public form, and the pages of those who handle them."""
