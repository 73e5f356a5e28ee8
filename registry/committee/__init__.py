"""Who sits on the committees, as the public reads it."""
