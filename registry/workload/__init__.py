"""How much work there is, and how long it takes."""
