"""The public API: what pages say, for programs. Nothing of a person stands in any answer."""
