"""The public figures of the club's work."""
