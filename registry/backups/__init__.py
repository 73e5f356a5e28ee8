"""Backups that are whole or refused, the way between the two databases, and the digest that both ends share."""
