"""Certificates: what the public can check, and the office that changes them."""
