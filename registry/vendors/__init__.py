"""The public page of a company."""
