"""The public catalogue: the list of products and the page of each."""
