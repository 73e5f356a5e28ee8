"""Help me choose: a few questions, a short list with reasons; nothing is stored."""
