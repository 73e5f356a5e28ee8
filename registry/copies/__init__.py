"""The public side as static files: `flask --app registry publish`, read by nginx or a CDN when the application is down.

See docs/decisions/0052 and docs/operations.md.
"""
