"""The public log as others read it: signed checkpoints, tiles, proofs, and a page that explains them."""
