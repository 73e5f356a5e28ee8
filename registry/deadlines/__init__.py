"""The office's board of everything that has a clock."""
