"""Who reviews what: routes under /assignments."""
