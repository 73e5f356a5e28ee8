"""Checking certificates without us: the tool that is given away, and the snapshot it reads."""
