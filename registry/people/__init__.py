"""People of the club: who is trusted with what, and the registers of their interests."""
