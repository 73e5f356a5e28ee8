"""Scripts that look into a stranger's file; registry/confined.py runs each by its path, in a child of its own."""
