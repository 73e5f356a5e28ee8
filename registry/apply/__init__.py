"""What a company finds before it has an account: the start page, the self-check, the blank forms."""
