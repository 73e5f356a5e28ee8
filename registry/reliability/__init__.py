"""How far reviewers agree: routes under /reliability."""
