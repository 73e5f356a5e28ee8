"""Whether the site lives, and whether it is ready: for machines that watch it."""
