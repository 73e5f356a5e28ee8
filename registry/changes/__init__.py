"""The public register of changes: its pages, its form for machines, its feeds."""
