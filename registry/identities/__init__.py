"""Who the club is, by day: pages of administrators, and the command."""
