"""Scripts that a limited child process runs to make pictures of a file's pages; see registry/evidence/rendering.py."""
