"""Articles that tell, from beginning to end, how a thing is done here."""
