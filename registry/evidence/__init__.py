"""Evidence on the web: the company's library, uploads, links, and reading by whom it may concern."""
