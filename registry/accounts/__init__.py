"""People: signing up and in, sessions, passwords, and what club people are trusted with."""
