"""A company's own pages: its facts, its people, and whom it invites."""
